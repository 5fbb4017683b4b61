import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import {
  type Envelope,
  type LogRecord,
  parseEnvelope,
  PATH_HEADER,
  STATEMENT_HEADER,
  writeEnvelope,
} from '@acogida/event-log';
import {
  type BatchStatement,
  decodeStatement,
  encodePath,
  encodeStatement,
  leafHash,
  merkleBatch,
  signStatement,
} from '@acogida/ledger';

/** A key that nobody in the network knows. */
export function strangersKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** The record with another value, under the statement that it came with. */
export function withValue(record: LogRecord, value: string): LogRecord {
  return { ...record, value };
}

/** The record with other attributes, well written, under the statement that it came with. */
export function transplanted(record: LogRecord, change: Partial<Envelope>): LogRecord {
  return withValue(record, writeEnvelope({ ...parseEnvelope(record.value), ...change }));
}

/** The record with these headers instead of its own; undefined leaves one out. */
export function withHeaders(record: LogRecord, change: Readonly<Record<string, string | undefined>>): LogRecord {
  const headers = Object.entries({ ...record.headers, ...change }).filter(([, text]) => text !== undefined);
  return { ...record, headers: Object.fromEntries(headers) as Record<string, string> };
}

/** What its agency signed about the record. */
export function statementOf(record: LogRecord): BatchStatement {
  return decodeStatement(record.headers[STATEMENT_HEADER] ?? '').statement;
}

/** The record's own statement, changed and signed by another key. */
export function signedBy(key: KeyObject, record: LogRecord, change: Partial<BatchStatement> = {}): LogRecord {
  const statement = encodeStatement(signStatement(key, { ...statementOf(record), ...change }));
  return withHeaders(record, { [STATEMENT_HEADER]: statement });
}

/** A record of its own number alone, with a statement over exactly this value. */
export function standingAlone(key: KeyObject, record: LogRecord, value: string, treeHead?: string): LogRecord {
  const { number } = parseEnvelope(value);
  const { root, paths } = merkleBatch([leafHash(value)]);
  const change = { first: number, last: number, batchRoot: root, treeSize: number, ...(treeHead && { treeHead }) };
  const alone = withHeaders(withValue(record, value), { [PATH_HEADER]: encodePath(paths[0] ?? []) });
  return signedBy(key, alone, change);
}

/** The attributes of a record under an id of its own. */
export function underNewId(record: LogRecord): string {
  return writeEnvelope({ ...parseEnvelope(record.value), id: randomUUID() });
}
