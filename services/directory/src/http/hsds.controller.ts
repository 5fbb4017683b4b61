import { type Clock, DomainError } from '@acogida/core';
import type { ProcedureDefinition } from '@acogida/event-store';
import {
  Answers,
  CLOCK,
  type CommandContext,
  CurrentCommand,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
  Roles,
  StaysHere,
  validationProblem,
} from '@acogida/service-kit';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, Repository } from 'typeorm';
import { agencyProcedure, directoryServiceProcedure } from '../directory.procedures.ts';
import type { HsdsDocument } from '../hsds/hsds-document.ts';
import { exportHsds } from '../hsds/hsds-export.ts';
import { type Read, readHsds } from '../hsds/hsds-import.ts';
import { hsdsFault } from '../hsds/hsds-schema.ts';
import { AgencyEntity, FocalPointEntity, ServiceEntity } from '../projections/directory.entities.ts';
import { knownAgencyOf, knownServiceOf } from '../projections/known-directory.ts';
import { HsdsBody, HsdsImportView, HsdsQuery, HsdsView } from './hsds-bodies.ts';

/** Runs the command of an entry; says whether it changed anything. */
type Carry<T> = (entry: T) => Promise<boolean>;

/** What hangs on an organisation that was refused may be meant for another one. */
function requireTaken(held: ReadonlySet<string>, agencyId: string): void {
  if (held.has(agencyId)) throw new DomainError('HSDS.ORGANIZATION_REFUSED', 'conflict', 'its organisation is refused');
}

/** The directory in the Human Services Data Specification 3, out and in. */
@Controller('v1/hsds')
export class HsdsController {
  constructor(
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(AgencyEntity) private readonly agencies: Repository<AgencyEntity>,
    @InjectRepository(ServiceEntity) private readonly services: Repository<ServiceEntity>,
    @InjectRepository(FocalPointEntity) private readonly focalPoints: Repository<FocalPointEntity>,
  ) {}

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(HsdsView)
  async export(@Query() { agencyId }: HsdsQuery): Promise<HsdsView> {
    const where = agencyId === undefined ? {} : { agencyId };
    const [agencies, services, focalPoints] = await Promise.all([
      this.agencies.find({ where, order: { agencyId: 'ASC' } }),
      this.services.find({ where, order: { serviceId: 'ASC' } }),
      this.focalPoints.find({ where, order: { agencyId: 'ASC', role: 'ASC', originRegion: 'ASC' } }),
    ]);
    const document = exportHsds(
      {
        agencies: agencies.map(knownAgencyOf),
        services: services.map(knownServiceOf),
        focalPoints: focalPoints.map((point) => ({ ...point, originRegion: point.originRegion || null })),
      },
      this.clock.now(),
    );
    return { version: document.version, organizations: [...document.organizations], services: [...document.services] };
  }

  /**
   * Each entry stands for itself: what is refused holds nothing else up, but of an organisation that is refused neither
   * contacts nor services are taken. Sent again, a document changes nothing, so no answer needs to be kept for its
   * Idempotency-Key.
   */
  @Post()
  @StaysHere()
  @HttpCode(200)
  @Roles('coordinator')
  @Answers(HsdsImportView)
  async import(@Body() body: HsdsBody, @CurrentCommand() context: CommandContext): Promise<HsdsImportView> {
    const fault = hsdsFault(body);
    if (fault !== undefined) {
      const { pointer, keyword } = fault;
      throw validationProblem([{ pointer, code: keyword.toUpperCase(), message: 'not as HSDS 3 has it' }]);
    }
    const read = readHsds(body as unknown as HsdsDocument);
    const result: HsdsImportView = { changed: 0, unchanged: 0, refused: [] };
    const at = this.clock.now();
    await this.carryAll(read.agencies, result, (entry) =>
      this.execute(agencyProcedure, entry.agencyId, { type: 'ListAgency', ...entry }, context),
    );
    const refused = new Set(result.refused.map(({ pointer }) => pointer));
    const held = new Set(read.agencyIds.filter((_, place) => refused.has(`/organizations/${place}`)));
    await this.carryAll(read.focalPoints, result, async ({ agencyId, ...point }) => {
      requireTaken(held, agencyId);
      return this.execute(agencyProcedure, agencyId, { type: 'DesignateFocalPoint', ...point }, context);
    });
    await this.carryAll(read.services, result, async ({ entry, capacity }) => {
      requireTaken(held, entry.agencyId);
      if (!(await this.agencies.existsBy({ agencyId: entry.agencyId, status: Not('CLOSED') }))) {
        throw new DomainError('DIRECTORY.AGENCY_UNKNOWN', 'not-found', 'there is no such agency');
      }
      const command = { type: 'ListService', entry, capacity: capacity && { ...capacity, at } } as const;
      return this.execute(directoryServiceProcedure, entry.serviceId, command, context);
    });
    return result;
  }

  private async carryAll<T>(entries: readonly Read<T>[], result: HsdsImportView, carry: Carry<T>): Promise<void> {
    for (const read of entries) {
      const { pointer } = read;
      if ('refusal' in read) {
        result.refused.push({ pointer, code: read.refusal });
        continue;
      }
      try {
        if (await carry(read.entry)) result.changed += 1;
        else result.unchanged += 1;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        result.refused.push({ pointer, code: error.code });
      }
    }
  }

  private async execute<C, S, E extends { readonly type: string; readonly data: object }>(
    procedure: ProcedureDefinition<C, S, E>,
    id: string,
    command: C,
    { actor, correlationId }: CommandContext,
  ): Promise<boolean> {
    const { events } = await this.handler.execute({
      ...{ procedure, id, command, correlationId },
      actor: actor.subject,
      causation: null,
    });
    return events.length > 0;
  }
}
