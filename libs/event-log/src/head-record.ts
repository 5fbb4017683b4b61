import { decodeHead, encodeHead, LedgerError, type SignedHead } from '@acogida/ledger';
import { EnvelopeError } from './envelope.ts';
import type { LogRecord } from './port.ts';

/** Header that only head records have; its value is the version of their format. */
export const HEAD_HEADER = 'head';

const FORMAT = 'v1';

/** No head is larger, in characters: a name has 200 at most, escaped six times as many. */
const MAX_HEAD_LENGTH = 4_096;

/** The record that carries a signed head: it is no event and has no number. */
export function writeHeadRecord(signed: SignedHead): LogRecord {
  return { value: encodeHead(signed), headers: { [HEAD_HEADER]: FORMAT } };
}

/**
 * The head that a record carries; null when it is none (an event). The signature is not checked here: `verifyHead` of
 * @acogida/ledger does.
 *
 * @throws EnvelopeError the record calls itself a head and is not one
 */
export function parseHeadRecord(record: LogRecord): SignedHead | null {
  const format = record.headers[HEAD_HEADER];
  if (format === undefined) return null;
  if (format !== FORMAT) throw new EnvelopeError('UNKNOWN_ATTRIBUTE', 'a head of an unknown format');
  if (record.value.length > MAX_HEAD_LENGTH) throw new EnvelopeError('OVERSIZED', 'larger than a head');
  try {
    return decodeHead(record.value);
  } catch (error) {
    if (error instanceof LedgerError) throw new EnvelopeError('INVALID_ATTRIBUTE', 'not a head statement');
    throw error;
  }
}
