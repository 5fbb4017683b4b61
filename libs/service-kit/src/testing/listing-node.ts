import type { KnownContractEvent } from '@acogida/contracts';
import type { Ids, JsonObject } from '@acogida/core';
import type { ProcedureDefinition } from '@acogida/event-store';
import type { TestNode } from '@acogida/testing/node';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { IsObject } from 'class-validator';
import { Roles } from '../auth/roles.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { IDS } from '../tokens.ts';

/** An entry of the directory as it goes onto the log. */
export type ListedEntry = Extract<KnownContractEvent, { class: 'directory' }>;

interface Listed {
  readonly type: 'EntryListed';
  readonly data: { readonly entry: ListedEntry };
}

const listing: ProcedureDefinition<ListedEntry, null, Listed> = {
  name: 'listing',
  decider: {
    initialState: null,
    decide: (entry) => [{ type: 'EntryListed', data: { entry } }],
    evolve: () => null,
  },
  versions: { EntryListed: 1 },
  upcasters: [],
  publish: ({ data }) => data.entry,
  caseOf: () => null,
};

class ListBody {
  @IsObject()
  entry!: ListedEntry;
}

/** Publishes whatever entry it is given. */
@Controller('v1/listings')
export class ListingController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  @Post()
  @Roles('coordinator')
  list(@Body() { entry }: ListBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const id = this.ids.uuid();
    const body = ({ version }: { readonly version: number }): JsonObject => ({ id, version });
    return this.commands.run({ procedure: listing, id, context, fresh: true, status: 201, command: entry, body });
  }
}

/** The smallest directory, for the specs of what reads it; of another kind, an agency that speaks as if it was one. */
export function listingNode(kind: ServiceKind = 'directory'): NodeDefinition {
  return {
    ...{ kind, description: 'Lists whatever it is given.', procedures: [listing], controllers: [ListingController] },
    ...{ providers: [], entities: [], migrations: [], inlineProjections: [], contractProjections: [] },
    policies: () => [],
  };
}

const FRAME = { class: 'directory', caseId: null } as const;
type DataOf<T extends ListedEntry['type']> = Extract<ListedEntry, { type: T }>['data'];

/** An agency's entry. */
export function agencyEntry(agencyId: string, change: Partial<DataOf<'AgencyListed'>> = {}): ListedEntry {
  const data: DataOf<'AgencyListed'> = {
    ...{ agencyId, name: agencyId, kind: 'SERVICE_PROVIDER', jurisdiction: 'CR', status: 'ACTIVE', nature: 'NGO' },
    ...{ authorityOf: null, participation: 'NODE', successor: null, languages: [] },
    ...change,
  };
  return { ...FRAME, type: 'AgencyListed', schemaVersion: 2, data };
}

/** A service's entry: open to everybody. */
export function serviceEntry(
  serviceId: string,
  agencyId: string,
  change: Partial<DataOf<'ServiceListed'>> = {},
): ListedEntry {
  const data: DataOf<'ServiceListed'> = {
    ...{ serviceId, agencyId, type: 'SHELTER', name: 'Casa', description: null, status: 'ACTIVE', languages: ['spa'] },
    ...{ service_areas: [], schedules: [] },
    eligibility: {
      ...{ minimum_age: null, maximum_age: null, sexes: [], nationalities: [], excluded_nationalities: [] },
      ...{ stages: [], eligibility_description: null },
    },
    capacity: { status: 'AVAILABLE', available: null, maximum: null, unit: null, updated: null },
    ...change,
  };
  return { ...FRAME, type: 'ServiceListed', schemaVersion: 2, data };
}

/** An agreement's entry: these agencies may refer to each other. */
export function agreementEntry(agreementId: string, parties: [string, string, ...string[]]): ListedEntry {
  const data: DataOf<'AgreementListed'> = {
    ...{ agreementId, name: 'Acuerdo', parties, procedureVersion: null, suspended: false },
    ...({ kind: 'REFERRAL_PROCEDURE', purposes: ['REFERRAL'] } as const),
    ...{ validFrom: '2026-01-01', validThrough: null },
  };
  return { ...FRAME, type: 'AgreementListed', schemaVersion: 1, data };
}

/** Has a node hear that an agency is listed so, without a directory that says it. */
export async function listAt(
  { pool, network }: Pick<TestNode, 'pool' | 'network'>,
  agencyId: string,
  change: Partial<DataOf<'AgencyListed'>> = {},
): Promise<void> {
  const { data } = agencyEntry(agencyId, change);
  await pool.query(
    `INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ($1, 'AGENCY', $2, 1, $3)
     ON CONFLICT (kind, entry_id, source) DO UPDATE SET entry = excluded.entry`,
    [network.agencyOf('directory'), agencyId, JSON.stringify(data)],
  );
}
