import type { Clock } from '@acogida/core';
import { inTransaction, plainSealing, type SealForOutbox, type StoreSealing } from '@acogida/event-store';
import {
  DevelopmentSealer,
  KeyRing,
  KeyStore,
  MemoryKms,
  PostgresKeyRows,
  type Sealer,
  systemRandomness,
} from '@acogida/sealing';
import { CaseTexts } from '@acogida/service-kit';
import type pg from 'pg';

/** `node`: as a node does, on the log and in its own tables. `plain`: everything stays as it is, to measure against. */
export type SealingKind = 'node' | 'plain';

/** What a store seals with. */
export interface BenchSealing {
  readonly seal: SealForOutbox;
  readonly sealing: StoreSealing;
}

const clock: Clock = { now: () => new Date().toISOString() };
const NETWORK = 'ab'.repeat(32);

/** The key that all nodes of the bench seal with on the log. */
const networkSealer = new DevelopmentSealer(Buffer.alloc(32, 7));

/** An envelope holds base64, whatever it is of. */
const plainSealer: Sealer = {
  seal: ({ caseId, text }) => ({ subject: caseId, keyId: 'plain', data: Buffer.from(text, 'utf8').toString('base64') }),
  open: (_header, data) => Buffer.from(data, 'base64').toString('utf8'),
};

/** What a reader opens with. */
export function openerOf(kind: SealingKind): Pick<Sealer, 'open'> {
  return kind === 'node' ? networkSealer : plainSealer;
}

function sealFor(sealer: Sealer, agencyId: string): SealForOutbox {
  return ({ id, class: contractClass, caseId, text }) =>
    sealer.seal({ id, source: agencyId, class: contractClass, caseId: caseId ?? '', text });
}

/** What an agency's store seals with; the database holds the tables of @acogida/sealing. */
export async function openSealing(kind: SealingKind, pool: pg.Pool, agencyId: string): Promise<BenchSealing> {
  if (kind === 'plain') return { seal: sealFor(plainSealer, agencyId), sealing: plainSealing };
  const ring = new KeyRing({ network: NETWORK, agency: agencyId });
  const rows = new PostgresKeyRows((work) => inTransaction(pool, work));
  const parts = { clock, randomness: systemRandomness };
  const keyStore = await KeyStore.open({ agency: agencyId, ring, rows, kms: new MemoryKms(), ...parts });
  const sealing = new CaseTexts({ agencyId, ring, keyStore, database: pool, ...parts });
  return { seal: sealFor(networkSealer, agencyId), sealing };
}
