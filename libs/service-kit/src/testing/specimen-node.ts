import { type Clock, DomainError, type Ids, type JsonObject } from '@acogida/core';
import type { ContractEvent } from '@acogida/contracts';
import type { InlineProjection, ProcedureDefinition } from '@acogida/event-store';
import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Post, Put, Query, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { Roles } from '../auth/roles.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { CurrentPage, type PageOf, PageQuery, type Paging, setVersion } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL, IDS } from '../tokens.ts';

/** The smallest procedure that has everything the edge deals with: a counter of beds in a shelter. */
interface BedState {
  readonly beds: number;
  readonly caseId: string | null;
}

type BedCommand =
  | { readonly type: 'OpenShelter'; readonly now: string; readonly caseId: string }
  | { readonly type: 'ChangeBeds'; readonly by: number }
  | { readonly type: 'Refuse'; readonly kind: DomainError['kind'] };

type BedEvent =
  | { readonly type: 'ShelterOpened'; readonly data: { readonly openedAt: string; readonly caseId: string } }
  | { readonly type: 'BedsChanged'; readonly data: { readonly by: number } };

function caseOpened(caseId: string): ContractEvent {
  return {
    class: 'case',
    type: 'CaseOpened',
    schemaVersion: 1,
    caseId,
    data: { place: 'SHELTER', channel: 'BORDER', contactedOn: null, entryMode: 'UNKNOWN' },
  };
}

const shelter: ProcedureDefinition<BedCommand, BedState, BedEvent> = {
  name: 'shelter',
  decider: {
    initialState: { beds: 0, caseId: null },
    decide: (command, state) => {
      switch (command.type) {
        case 'OpenShelter':
          return [{ type: 'ShelterOpened', data: { openedAt: command.now, caseId: command.caseId } }];
        case 'ChangeBeds':
          if (state.beds + command.by < 0)
            throw new DomainError('SHELTER.NO_BEDS', 'conflict', 'there are not as many beds');
          return command.by === 0 ? [] : [{ type: 'BedsChanged', data: { by: command.by } }];
        case 'Refuse':
          throw new DomainError('SHELTER.REFUSED', command.kind, 'the shelter refuses', { rule: 'specimen' });
      }
    },
    evolve: (state, event) =>
      event.type === 'BedsChanged'
        ? { ...state, beds: state.beds + event.data.by }
        : { ...state, caseId: event.data.caseId },
  },
  versions: { ShelterOpened: 1, BedsChanged: 1 },
  upcasters: [],
  publish: (event) => (event.type === 'ShelterOpened' ? caseOpened(event.data.caseId) : null),
  caseOf: ({ caseId }) => caseId,
};

const shelterRows: InlineProjection = {
  name: 'shelter-rows',
  apply: async (events, transaction) => {
    const opened = events
      .filter((event) => event.type === 'ShelterOpened')
      .map((event) => event.stream.slice('shelter-'.length));
    if (opened.length > 0) await transaction.query('INSERT INTO shelter SELECT unnest($1::uuid[])', [opened]);
  },
  reset: async (transaction) => {
    await transaction.query('TRUNCATE shelter');
  },
};

class CreateShelter1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE shelter (id uuid PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shelter');
  }
}

class Address {
  @IsIn(['NORTH', 'SOUTH'])
  area!: string;
}

class ChangeBedsBody {
  @IsInt()
  @Min(-100)
  @Max(100)
  by!: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Address)
  address?: Address;
}

class RefuseBody {
  @IsDefined()
  @IsIn(['invalid', 'conflict', 'forbidden', 'not-found', 'gone'])
  kind!: DomainError['kind'];
}

class ShelterView {
  @IsInt()
  beds!: number;
}

class ShelterListQuery extends PageQuery {
  @IsOptional()
  @IsIn(['NORTH', 'SOUTH'])
  area?: string;
}

/** Routes that show each thing the edge does. */
@Controller('v1/shelters')
export class ShelterController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  @Post()
  @Roles('caseworker')
  open(@CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const id = this.ids.uuid();
    return this.commands.run({
      procedure: shelter,
      id,
      context,
      status: 201,
      location: `/v1/shelters/${id}`,
      command: { type: 'OpenShelter', now: this.clock.now(), caseId: id },
      body: ({ version }) => ({ id, version }),
    });
  }

  @Post(':id/beds')
  @Roles('caseworker', 'import')
  changeBeds(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ChangeBedsBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'ChangeBeds', by: body.by }, context);
  }

  @Put(':id/refusal')
  @Roles('caseworker')
  refuse(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RefuseBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'Refuse', kind: body.kind }, context);
  }

  @Get()
  @Roles('caseworker')
  @Answers(ShelterView, { page: true })
  async list(@Query() _query: ShelterListQuery, @CurrentPage() paging: Paging): Promise<PageOf<{ id: string }>> {
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT id FROM shelter WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2',
      [paging.after('uuid')?.[0] ?? null, paging.limit + 1],
    );
    return paging.answer(rows, (row) => [row.id]);
  }

  @Get('me')
  @Roles('caseworker')
  me(@CurrentActor() actor: Actor): JsonObject {
    return { ...actor };
  }

  @Get('failure')
  @Roles('caseworker')
  async failure(@Query() _query: ShelterListQuery): Promise<void> {
    await this.pool.query('SELECT $1::uuid', ['canary María Pérez']); // the message of PostgreSQL repeats the value
  }

  /** Names no roles: refused to everybody. */
  @Get('forgotten')
  forgotten(): JsonObject {
    return {};
  }

  @Get(':id')
  @Roles('caseworker')
  @Answers(ShelterView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShelterView> {
    const { rowCount } = await this.pool.query('SELECT FROM shelter WHERE id = $1', [id]);
    if (rowCount === 0) throw notFound('SHELTER.UNKNOWN', 'no such shelter');
    setVersion(reply, 1);
    return { beds: 0 };
  }

  private run(id: string, command: BedCommand, context: CommandContext): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: shelter,
      id,
      context,
      status: 200,
      command,
      body: ({ version, state }) => ({ id, version, beds: state.beds }),
    });
  }
}

/** A service for the specs of the edge itself. */
export const specimenNode: NodeDefinition = {
  kind: 'intake',
  description: 'A specimen.',
  procedures: [shelter],
  controllers: [ShelterController],
  providers: [],
  entities: [],
  migrations: [CreateShelter1800000000000],
  inlineProjections: [shelterRows],
  contractProjections: [],
  policies: () => [],
};
