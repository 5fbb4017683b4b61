import { readFile } from 'node:fs/promises';
import { ApiClient, IssuerTokens, type RunFile } from '@acogida/operations';
import { type NetworkFile, type NetworkFileAgency, SAMPLE_AGENCIES, type SampleAgency } from '../network.ts';
import type { ConsoleView } from './console-view.ts';

/** Longest wait for the directory, in milliseconds. */
const PATIENCE_MS = 30_000;

interface Entry {
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

/**
 * Lists the sample agencies with their keys, services and focal points at the directory, through its public API. Idempotent;
 * does nothing when the directory was not started.
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
  const list = ({ path, body, idempotencyKey }: Entry): Promise<unknown> =>
    client.call({
      agency: directory.agencyId,
      role: 'coordinator',
      method: 'POST',
      path,
      body,
      idempotencyKey,
    });
  const keysOf = new Map(network.agencies.map(({ agencyId, signingKeys }) => [agencyId, signingKeys]));
  await Promise.all(
    SAMPLE_AGENCIES.map(async (agency) => {
      const { first, others } = entriesOf(agency, keysOf.get(agency.agencyId) ?? []);
      await list(first);
      for (const entry of others) await list(entry);
    }),
  );
}
