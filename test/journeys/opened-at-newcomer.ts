import {
  EmbeddedEventLog,
  type EventLog,
  HEAD_HEADER,
  KafkaEventLog,
  type LogRecord,
  topicOf,
} from '@acogida/event-log';
import type { RunFile } from '@acogida/operations';
import { FileKms, systemRandomness } from '@acogida/sealing';
import { DEFAULT_KEYS_MODE } from '@acogida/service-kit';
import pg from 'pg';
import { openKeys, openRecords } from '../network/opened-records.ts';

/** Whether nodes seal with keys of cases; else everybody opens everything. */
export const HAS_KEYS_OF_CASES = (process.env['KEYS_MODE'] ?? DEFAULT_KEYS_MODE) === 'cases';

/** Where the keys of a node are. */
export interface KeysOfNode {
  readonly agency: string;
  readonly genesis: string;
  readonly databaseUrl: string;
  readonly masterKeyFile: string;
}

/** Types of what opens of an agency's events of a case with all the keys of cases that a node has, in order. */
export async function typesOpened(
  { log }: RunFile,
  keys: KeysOfNode,
  asked: { readonly source: string; readonly caseId: string },
): Promise<readonly string[]> {
  const database = new pg.Pool({ connectionString: keys.databaseUrl, max: 2 });
  try {
    const kms = await FileKms.open(keys.masterKeyFile, systemRandomness);
    const opened = await openKeys({ agency: keys.agency, network: keys.genesis, database, kms });
    const records = await openRecords(opened, await recordsOf(log, asked.source));
    return records.flatMap(({ caseId, type }) => (caseId === asked.caseId ? [type] : []));
  } finally {
    await database.end();
  }
}

async function recordsOf({ driver, databaseUrl, brokers }: RunFile['log'], source: string): Promise<LogRecord[]> {
  const log: EventLog =
    driver === 'kafka'
      ? new KafkaEventLog({ brokers: [...brokers], clientId: 'journey' })
      : new EmbeddedEventLog({ databaseUrl: databaseUrl ?? '' });
  const records: LogRecord[] = [];
  try {
    for await (const page of log.read(topicOf(source), 0n)) {
      records.push(...page.filter(({ headers }) => !(HEAD_HEADER in headers)));
    }
  } finally {
    await log.close();
  }
  return records;
}
