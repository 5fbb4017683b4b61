import type { Clock, Ids, JsonObject } from '@acogida/core';
import {
  Answers,
  CLOCK,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  CurrentPage,
  IDS,
  notFound,
  type PageOf,
  type Paging,
  Roles,
  setVersion,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Post, Put, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { MoreThan, Not, Repository } from 'typeorm';
import { directoryServiceProcedure } from '../directory.procedures.ts';
import type { ServiceCommand } from '../domain/directory-service.ts';
import { AgencyEntity, ServiceEntity } from '../projections/directory.entities.ts';
import { serviceViewOf, ServiceView } from './directory-answers.ts';
import { OfAgencyQuery } from './directory-bodies.ts';
import { CapacityBody, ListServiceBody } from './service-bodies.ts';
import { serviceEntryOf, toldCapacityOf } from './service-commands.ts';

/** Services that agencies offer, and whether they can take people on. */
@Controller('v1/services')
export class ServicesController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(ServiceEntity) private readonly services: Repository<ServiceEntity>,
    @InjectRepository(AgencyEntity) private readonly agencies: Repository<AgencyEntity>,
  ) {}

  @Post()
  @StaysHere()
  @Roles('coordinator')
  async list(@Body() body: ListServiceBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    await this.requireAgency(body.agencyId);
    const serviceId = this.ids.uuid();
    const entry = serviceEntryOf(serviceId, body);
    return this.commands.run({
      procedure: directoryServiceProcedure,
      id: serviceId,
      fresh: true,
      context,
      status: 201,
      location: `/v1/services/${serviceId}`,
      command: { type: 'ListService', entry, capacity: toldCapacityOf(body, this.clock.now()) },
      body: ({ version }) => ({ id: serviceId, serviceId, version }),
    });
  }

  @Put(':serviceId')
  @StaysHere()
  @Roles('coordinator')
  revise(
    @Param('serviceId', ParseUUIDPipe) serviceId: string,
    @Body() body: ListServiceBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const entry = serviceEntryOf(serviceId.toLowerCase(), body);
    const capacity = toldCapacityOf(body, this.clock.now());
    return this.change(serviceId, context, { type: 'ReviseService', entry, capacity });
  }

  @Put(':serviceId/capacity')
  @StaysHere()
  @Roles('coordinator')
  updateCapacity(
    @Param('serviceId', ParseUUIDPipe) serviceId: string,
    @Body() body: CapacityBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.change(serviceId, context, { type: 'UpdateCapacity', ...toldCapacityOf(body, this.clock.now()) });
  }

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(ServiceView, { page: true })
  async search(@Query() query: OfAgencyQuery, @CurrentPage() paging: Paging): Promise<PageOf<ServiceView>> {
    const after = paging.after('uuid');
    const rows = await this.services.find({
      where: {
        ...(query.agencyId !== undefined && { agencyId: query.agencyId }),
        ...(after !== null && { serviceId: MoreThan(after[0]) }),
      },
      order: { serviceId: 'ASC' },
      take: paging.limit + 1,
    });
    return paging.answer(rows.map(serviceViewOf), ({ serviceId }) => [serviceId]);
  }

  @Get(':serviceId')
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(ServiceView)
  async show(
    @Param('serviceId', ParseUUIDPipe) serviceId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceView> {
    const row = await this.services.findOneBy({ serviceId });
    if (row === null) throw notFound('DIRECTORY.SERVICE_UNKNOWN', 'there is no such service');
    setVersion(reply, row.version);
    return serviceViewOf(row);
  }

  private change(serviceId: string, context: CommandContext, command: ServiceCommand): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: directoryServiceProcedure,
      id: serviceId,
      context,
      status: 200,
      command,
      body: ({ version, state }) => ({
        ...{ id: serviceId, serviceId, version },
        capacity: state?.capacity.status ?? null,
        updated: state?.capacity.updated ?? null,
      }),
    });
  }

  private async requireAgency(agencyId: string): Promise<void> {
    if (await this.agencies.existsBy({ agencyId, status: Not('CLOSED') })) return;
    throw notFound('DIRECTORY.AGENCY_UNKNOWN', 'there is no such agency');
  }
}
