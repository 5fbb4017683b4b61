import { type LogRecord, parseEnvelope } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { KeyRing, KeyStore, type Kms, PostgresKeyRows, systemRandomness } from '@acogida/sealing';
import { caseInboxSealing } from '@acogida/service-kit';
import type pg from 'pg';

/** Keys of an agency as somebody has them: its database and what opens that. */
export interface KeysAtRest {
  readonly agency: string;
  /** Id of the network's genesis. */
  readonly network: string;
  readonly database: pg.Pool;
  readonly kms: Kms;
  readonly whenLost?: 'refuse' | 'begin-anew';
}

/** The same, opened. */
export interface OpenedKeys extends KeysAtRest {
  readonly ring: KeyRing;
  readonly keyStore: KeyStore;
}

/** What an event of the log says, as far as it is looked at. */
export interface OpenedRecord {
  readonly source: string;
  readonly number: number;
  readonly type: string;
  readonly caseId: string | null;
}

const clock = { now: () => new Date().toISOString() };

/** @throws MasterKeyLostError the KMS does not open this database, unless it is to begin anew */
export async function openKeys(atRest: KeysAtRest): Promise<OpenedKeys> {
  const { agency, network, database, kms, whenLost = 'refuse' } = atRest;
  const ring = new KeyRing({ network, agency });
  const rows = new PostgresKeyRows((work) => inTransaction(database, work));
  const keyStore = await KeyStore.open({ agency, ring, rows, kms, clock, randomness: systemRandomness, whenLost });
  return { ...atRest, ring, keyStore };
}

/** The records that open, in order; what is not sealed is left out. */
export async function openRecords(
  { agency, ring, keyStore, database }: OpenedKeys,
  records: readonly LogRecord[],
): Promise<readonly OpenedRecord[]> {
  const sealing = caseInboxSealing({ agencyId: agency, ring, store: keyStore, database });
  const opened: OpenedRecord[] = [];
  for (const record of records) {
    const { keyId, data, ...envelope } = parseEnvelope(record.value);
    if (keyId === null) continue;
    const header = { ...envelope, keyId };
    await sealing.prepare([header]);
    let reading = sealing.read(header, data);
    if (reading.kind === 'wanting') {
      await sealing.load(reading.wanted);
      reading = sealing.read(header, data);
    }
    if (reading.kind !== 'opened') continue;
    const { type, caseId } = JSON.parse(reading.text) as Pick<OpenedRecord, 'type' | 'caseId'>;
    opened.push({ source: envelope.source, number: envelope.number, type, caseId });
  }
  return opened;
}
