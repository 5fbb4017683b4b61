import type { Clock } from '@acogida/core';
import { inTransaction, plainSealing, type SealForOutbox, type StoreSealing } from '@acogida/event-store';
import {
  type CaseKeySet,
  CaseSealing,
  DevelopmentSealer,
  KeyRing,
  KeyStore,
  lookupOver,
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

/** The keys of an agency's cases, kept in its database, which holds the tables of @acogida/sealing. */
async function openCaseKeys(pool: pg.Pool, agencyId: string): Promise<{ ring: KeyRing; texts: CaseTexts }> {
  const ring = new KeyRing({ network: NETWORK, agency: agencyId });
  const rows = new PostgresKeyRows((work) => inTransaction(pool, work));
  const parts = { clock, randomness: systemRandomness };
  const keyStore = await KeyStore.open({ agency: agencyId, ring, rows, kms: new MemoryKms(), ...parts });
  return { ring, texts: new CaseTexts({ agencyId, ring, keyStore, database: pool, ...parts }) };
}

/** What an agency's store seals with where others of the bench read it: they know one key, and none of a case. */
export async function openSealing(kind: SealingKind, pool: pg.Pool, agencyId: string): Promise<BenchSealing> {
  if (kind === 'plain') return { seal: sealFor(plainSealer, agencyId), sealing: plainSealing };
  const { texts } = await openCaseKeys(pool, agencyId);
  return { seal: sealFor(networkSealer, agencyId), sealing: texts };
}

/** What an agency's store seals with, each case under its own keys, on the log as in its tables. */
export interface CaseBoundSealing extends BenchSealing {
  /** To be awaited before the first append of a case. */
  begins(caseId: string): Promise<void>;
  /** Its first append is committed. */
  begun(caseId: string): void;
}

/** As a node does it where nobody of the bench reads along. */
export async function openCaseBoundSealing(
  kind: SealingKind,
  pool: pg.Pool,
  agencyId: string,
): Promise<CaseBoundSealing> {
  if (kind === 'plain')
    return { ...(await openSealing(kind, pool, agencyId)), begins: async () => {}, begun: () => {} };
  const { ring, texts } = await openCaseKeys(pool, agencyId);
  const beginning = new Map<string, CaseKeySet>();
  const current = (caseId: string): CaseKeySet | undefined => ring.current(caseId) ?? beginning.get(caseId);
  const log = new CaseSealing({ agency: agencyId, ring: lookupOver(ring, { current }), randomness: systemRandomness });
  return {
    seal: ({ id, class: contractClass, caseId, text }) =>
      log.seal({ id, source: agencyId, class: contractClass, caseId, audience: 'coded', text }),
    sealing: texts,
    begins: async (caseId) => void beginning.set(caseId, await texts.firstSet(caseId, true)),
    begun: (caseId) => void beginning.delete(caseId),
  };
}
