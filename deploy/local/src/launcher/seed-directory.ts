import { readFile } from 'node:fs/promises';
import { ApiClient, IssuerTokens, type RunFile } from '@acogida/operations';
import type { AgencyKind, RemovalHold } from '@acogida/reference';
import { type NetworkFile, type NetworkFileAgency, SAMPLE_AGENCIES, type SampleAgency } from '../network.ts';
import type { ConsoleView } from './console-view.ts';
import { dataDirAt } from './data-dir.ts';
import type { AdmissionFile } from './network-trust.ts';

/** Longest wait for the directory, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Kinds of agencies that refer people to each other. */
const PROTECTING: readonly string[] = ['INTAKE', 'ASYLUM', 'COUNTER_TRAFFICKING'];

/** For which holds the sample agencies of a kind answer at a departure: those that their services place. */
const HOLDS_OF_KIND: Readonly<Partial<Record<AgencyKind, readonly RemovalHold[]>>> = {
  INTAKE: ['NEEDS_NOT_ASSESSED', 'ASYLUM_INTENT'],
  ASYLUM: ['ASYLUM_INTENT', 'ASYLUM_PENDING', 'APPEAL_OPEN', 'RECOGNIZED', 'COMPLEMENTARY'],
  COUNTER_TRAFFICKING: ['TRAFFICKING_SCREENING', 'REFLECTION_PERIOD', 'TRAFFICKING_RISK'],
  CHILD_PROTECTION: ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'],
  RETURN: ['VOLUNTARINESS'],
};

interface Entry {
  /** POST where left out. */
  readonly method?: 'POST' | 'PUT';
  readonly path: string;
  readonly body: object;
  /** The same in every start: an entry that is there stays as people may have changed it since. */
  readonly idempotencyKey: string;
}

function entriesOf(
  { agencyId, name, jurisdiction, agencyKind, provides, focalPoint }: SampleAgency,
  signingKeys: NetworkFileAgency['signingKeys'],
): { first: Entry; others: Entry[] } {
  const areas = jurisdiction === null ? [] : [jurisdiction];
  const holds = HOLDS_OF_KIND[agencyKind];
  return {
    first: {
      path: '/v1/agencies',
      body: { agencyId, name, kind: agencyKind, jurisdiction },
      idempotencyKey: `seed:agency:${agencyId}`,
    },
    others: [
      ...signingKeys.map(({ keyId, publicKeyJwk: { kty, crv, x }, fromNumber }) => ({
        path: '/v1/keys',
        body: { agencyId, keyId, publicKey: { kty, crv, x }, fromNumber },
        idempotencyKey: `seed:key:${keyId}`,
      })),
      {
        path: '/v1/focal-points',
        body: { agencyId, role: focalPoint, contact: `referrals@${agencyId}.example` },
        idempotencyKey: `seed:focal-point:${agencyId}`,
      },
      ...(jurisdiction === null || holds === undefined
        ? []
        : [
            {
              method: 'PUT' as const,
              path: `/v1/clearance-authorities/${jurisdiction}/${agencyId}`,
              body: { holds },
              idempotencyKey: `seed:clearance:${agencyId}`,
            },
          ]),
      ...(provides === null
        ? []
        : [
            {
              path: '/v1/services',
              body: { agencyId, type: provides, name, languages: ['spa', 'eng'], areas, capacity: 'AVAILABLE' },
              idempotencyKey: `seed:service:${agencyId}`,
            },
          ]),
    ],
  };
}

/** Lets the protection agencies of both countries refer and hand over cases to each other: across borders that is agreed. */
const AGREEMENT: Entry = {
  path: '/v1/agreements',
  body: {
    kind: 'REFERRAL_PROCEDURE',
    name: 'Referrals between Costa Rica and Mexico (sample)',
    parties: SAMPLE_AGENCIES.filter(({ agencyKind }) => PROTECTING.includes(agencyKind)).map(
      ({ agencyId }) => agencyId,
    ),
    purposes: ['REFERRAL', 'TRANSFER'],
    validFrom: '2026-01-01',
    procedureVersion: '1',
  },
  idempotencyKey: 'seed:agreement:referrals',
};

/**
 * Lists the sample agencies with their keys, services, focal points, agreement and clearance authorities at the directory, through
 * its public API. Idempotent; does nothing when the directory was not started.
 *
 * @throws UnreachableError, RefusedError
 */
export async function seedDirectory(
  run: RunFile,
  view: Pick<ConsoleView, 'doing'>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const directory = run.nodes.find(({ kind }) => kind === 'directory');
  if (directory === undefined) return;
  view.doing('Listing the agencies in the directory');
  const network = JSON.parse(await readFile(run.networkFile, 'utf8')) as NetworkFile;
  const client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs });
  const list = (
    { method = 'POST', path, body, idempotencyKey }: Entry,
    role: 'coordinator' | 'operator' = 'coordinator',
  ): Promise<unknown> =>
    client.call({
      agency: directory.agencyId,
      role,
      method,
      path,
      body,
      idempotencyKey,
    });
  const admissions = JSON.parse(await readFile(dataDirAt(run.dataDir).admissionsFile, 'utf8')) as AdmissionFile[];
  for (const body of admissions) {
    const { agency, sequence } = body.signed.statement;
    await list(
      { path: '/v1/trust/statements', body, idempotencyKey: `seed:admission:${agency}:${sequence}` },
      'operator',
    );
  }
  const keysOf = new Map(network.agencies.map(({ agencyId, signingKeys }) => [agencyId, signingKeys]));
  await Promise.all(
    SAMPLE_AGENCIES.map(async (agency) => {
      const { first, others } = entriesOf(agency, keysOf.get(agency.agencyId) ?? []);
      await list(first);
      for (const entry of others) await list(entry);
    }),
  );
  await list(AGREEMENT); // its parties are listed
}
