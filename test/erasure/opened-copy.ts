import { createPublicKey, type KeyObject } from 'node:crypto';
import type { LogRecord } from '@acogida/event-log';
import { genesisId } from '@acogida/ledger';
import { type KeyRing, type Kms, type NamedPair, systemRandomness } from '@acogida/sealing';
import { CaseTexts } from '@acogida/service-kit';
import type { TestNode } from '@acogida/testing/node';
import type pg from 'pg';
import { openKeys, openRecords } from '../network/opened-records.ts';

/** Everything that somebody can put together: a database, the KMS, and the agency's long-term keys of today. */
export interface Hoard {
  readonly node: TestNode;
  readonly database: pg.Pool;
  readonly kms: Kms;
  readonly whenLost?: 'refuse' | 'begin-anew';
}

/** How many things of each case opened: its keys, its texts at rest, and its events on the log. */
export type OpenedOfCase = ReadonlyMap<string, number>;

const clock = { now: () => new Date().toISOString() };

/**
 * Opens whatever the hoard opens.
 *
 * @param records of the whole log
 * @throws MasterKeyLostError the KMS does not open this database, unless it is to begin anew
 */
export async function openAll({ node, ...rest }: Hoard, records: readonly LogRecord[]): Promise<OpenedOfCase> {
  const { agencyId } = node;
  const { database } = rest;
  const keys = await openKeys({ ...rest, agency: agencyId, network: genesisId(node.network.genesis) });
  const { ring, keyStore } = keys;
  useLongTermKeys(ring, node);
  const opened = new Map<string, number>();
  const count = (caseId: string | null): void => {
    if (caseId !== null) opened.set(caseId, (opened.get(caseId) ?? 0) + 1);
  };
  const cases = await database.query<{ caseId: string }>(
    'SELECT case_id::text AS "caseId" FROM keys.case_key UNION SELECT case_id::text FROM keys.own_epoch',
  );
  for (const { caseId } of cases.rows) for (const _ of await keyStore.keysOf(database, caseId)) count(caseId);
  const texts = new CaseTexts({ agencyId, ring, keyStore, database, clock, randomness: systemRandomness });
  await openTexts(texts, database, count);
  for (const { caseId } of await openRecords(keys, records)) count(caseId);
  return opened;
}

async function openTexts(texts: CaseTexts, database: pg.Pool, count: (caseId: string) => void): Promise<void> {
  const { rows } = await database.query<{
    id: string;
    stream: string;
    version: number;
    schemaVersion: number;
    recordedAt: string;
    text: string;
    sealed: Buffer | null;
    sealedBy: string;
    caseId: string | null;
  }>(
    `SELECT event.id::text AS id, stream, version, schema_version AS "schemaVersion",
            recorded_at AS "recordedAt", text, sealed, sealed_by AS "sealedBy", key.case_id::text AS "caseId"
     FROM es.event AS event LEFT JOIN keys.own_epoch AS key ON key.own_key_id = event.sealed_by
     WHERE sealed_by IS NOT NULL`,
  );
  const reveal = await texts.look([...new Set(rows.map(({ sealedBy }) => sealedBy))]);
  for (const { text, sealed, sealedBy, caseId, ...place } of rows) {
    if (reveal(sealedBy, { use: 'event', ...place }, sealed ?? text) !== null) count(caseId ?? 'unknown');
  }
}

function useLongTermKeys(ring: KeyRing, { agencyId, network, node }: TestNode): void {
  const published = node.runtime.trust.sealingKeys();
  const privateKey = network.keysOf(agencyId).privateKeys.sealing;
  const own = published.get(agencyId)?.map(({ keyId, x }) => pairOf(privateKey, keyId, x)) ?? [];
  ring.useSealingPairs(own);
  for (const [agency, sealing] of published) if (agency !== agencyId) ring.usePeer(agency, { sealing, offer: null });
}

function pairOf(privateKey: KeyObject, keyId: string, x: string): NamedPair {
  return { keyId, x, privateKey, publicKey: createPublicKey(privateKey) };
}
