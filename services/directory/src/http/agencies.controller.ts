import type { JsonObject } from '@acogida/core';
import type { AgencyStatus } from '@acogida/reference';
import {
  Answers,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  CurrentPage,
  notFound,
  type PageOf,
  PageQuery,
  type Paging,
  Roles,
  setVersion,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { MoreThan, Not, Repository } from 'typeorm';
import { agencyProcedure } from '../directory.procedures.ts';
import type { AgencyCommand } from '../domain/agency.ts';
import type { AskedAgencyEntry } from '../domain/agency-entry.ts';
import { AgencyEntity } from '../projections/directory.entities.ts';
import { agencyViewOf, AgencyView } from './directory-answers.ts';
import { AgencyBody, AgencyStatusBody, ListAgencyBody, SuccessorBody } from './directory-bodies.ts';

const COMMAND_OF_STATUS: Readonly<Record<AgencyStatus, AgencyCommand>> = {
  ACTIVE: { type: 'ReinstateAgency' },
  SUSPENDED: { type: 'SuspendAgency' },
  CLOSED: { type: 'CloseAgency' },
};

function askedEntryOf(agencyId: string, body: AgencyBody): AskedAgencyEntry {
  const { name, kind, jurisdiction, nature, authorityOf, participation, languages } = body;
  return { agencyId, name, kind, jurisdiction, nature, authorityOf, participation, languages };
}

/** Agencies that take part. */
@Controller('v1/agencies')
export class AgenciesController {
  constructor(
    private readonly commands: CommandRunner,
    @InjectRepository(AgencyEntity) private readonly agencies: Repository<AgencyEntity>,
  ) {}

  @Post()
  @StaysHere()
  @Roles('coordinator')
  list(@Body() body: ListAgencyBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    return this.run(body.agencyId, context, { type: 'ListAgency', ...askedEntryOf(body.agencyId, body) }, 201);
  }

  @Put(':agencyId')
  @StaysHere()
  @Roles('coordinator')
  revise(
    @Param('agencyId') agencyId: string,
    @Body() body: AgencyBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(agencyId, context, { type: 'ListAgency', ...askedEntryOf(agencyId, body) });
  }

  @Put(':agencyId/successor')
  @StaysHere()
  @Roles('coordinator')
  async nameSuccessor(
    @Param('agencyId') agencyId: string,
    @Body() { successor }: SuccessorBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    if (successor !== null && !(await this.agencies.existsBy({ agencyId: successor, status: Not('CLOSED') }))) {
      throw notFound('DIRECTORY.SUCCESSOR_UNKNOWN', 'there is no such agency to succeed');
    }
    return this.run(agencyId, context, { type: 'NameSuccessor', successor });
  }

  @Put(':agencyId/status')
  @StaysHere()
  @Roles('coordinator')
  changeStatus(
    @Param('agencyId') agencyId: string,
    @Body() body: AgencyStatusBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(agencyId, context, COMMAND_OF_STATUS[body.status]);
  }

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(AgencyView, { page: true })
  async search(@Query() _query: PageQuery, @CurrentPage() paging: Paging): Promise<PageOf<AgencyView>> {
    const after = paging.after('text');
    const rows = await this.agencies.find({
      where: { ...(after !== null && { agencyId: MoreThan(after[0]) }) },
      order: { agencyId: 'ASC' },
      take: paging.limit + 1,
    });
    return paging.answer(rows.map(agencyViewOf), ({ agencyId }) => [agencyId]);
  }

  @Get(':agencyId')
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(AgencyView)
  async show(
    @Param('agencyId') agencyId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgencyView> {
    const row = await this.agencies.findOneBy({ agencyId });
    if (row === null) throw notFound('DIRECTORY.AGENCY_UNKNOWN', 'there is no such agency');
    setVersion(reply, row.version);
    return agencyViewOf(row);
  }

  private run(
    agencyId: string,
    context: CommandContext,
    command: AgencyCommand,
    status: 200 | 201 = 200,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: agencyProcedure,
      id: agencyId,
      context,
      status,
      ...(status === 201 && { location: `/v1/agencies/${agencyId}` }),
      command,
      body: ({ version, state }) => ({ id: agencyId, agencyId, version, status: state?.status }),
    });
  }
}
