import { readFile } from 'node:fs/promises';
import { ApiClient, IssuerTokens, type RunFile } from '@acogida/operations';
import { AGENCY_KIND_OF_SERVICE, type ReferralService } from '@acogida/reference';
import type { NetworkFile, SampleAgency } from '../network.ts';
import type { ConsoleView } from './console-view.ts';

/** Longest wait for the directory, in milliseconds. */
const PATIENCE_MS = 30_000;

interface Entry {
  readonly path: string;
  readonly body: object;
  /** The same in every start: an entry that is there stays as people may have changed it since. */
  readonly idempotencyKey: string;
}

const SERVICE_OF_KIND: Partial<Record<SampleAgency['kind'], ReferralService>> = {
  asylum: 'ASYLUM',
  'counter-trafficking': 'TRAFFICKING_SCREENING',
};

function entriesOf(agency: NetworkFile['agencies'][number]): { first: Entry; others: Entry[] } {
  const { agencyId, name, kind, jurisdiction, signingKeys } = agency;
  const service = SERVICE_OF_KIND[kind];
  const role = kind === 'asylum' ? 'ASYLUM' : kind === 'counter-trafficking' ? 'TRAFFICKING' : 'REFERRALS';
  const areas = jurisdiction === null ? [] : [jurisdiction];
  return {
    first: {
      path: '/v1/agencies',
      body: { agencyId, name, kind: AGENCY_KIND_OF_SERVICE[kind], jurisdiction },
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
        body: { agencyId, role, contact: `referrals@${agencyId}.example` },
        idempotencyKey: `seed:focal-point:${agencyId}`,
      },
      ...(service === undefined
        ? []
        : [
            {
              path: '/v1/services',
              body: { agencyId, type: service, name, languages: ['spa', 'eng'], areas, capacity: 'AVAILABLE' },
              idempotencyKey: `seed:service:${agencyId}`,
            },
          ]),
    ],
  };
}

/**
 * Lists the sample agencies with their keys, services and focal points at the directory, through its public API. Idempotent;
 * does nothing when the directory was not started.
 *
 * @throws UnreachableError, RefusedError
 */
export async function seedDirectory(run: RunFile, view: ConsoleView): Promise<void> {
  const directory = run.nodes.find(({ kind }) => kind === 'directory');
  if (directory === undefined) return;
  view.doing('Listing the agencies in the directory');
  const network = JSON.parse(await readFile(run.networkFile, 'utf8')) as NetworkFile;
  const client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: PATIENCE_MS });
  const list = ({ path, body, idempotencyKey }: Entry): Promise<unknown> =>
    client.call({
      agency: directory.agencyId,
      role: 'coordinator',
      method: 'POST',
      path,
      body,
      idempotencyKey,
    });
  await Promise.all(
    network.agencies.map(async (agency) => {
      const { first, others } = entriesOf(agency);
      await list(first);
      for (const entry of others) await list(entry);
    }),
  );
}
