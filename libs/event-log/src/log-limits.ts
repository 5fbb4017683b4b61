import { type LogRecord, MAX_RECORD_BYTES, OversizedRecordError } from './port.ts';

/** Most records that one delivery or one page of a read holds. */
export const RECORDS_PER_PAGE = 500;

/** A topic was written to before anyone created it. */
export class UnknownTopicError extends Error {
  override readonly name = 'UnknownTopicError';

  constructor(topic: string) {
    super(`the topic ${topic} does not exist`);
  }
}

/** Records that a topic counts are not in its table any more: somebody removed them, and reading on would never end. */
export class MissingRecordsError extends Error {
  override readonly name = 'MissingRecordsError';

  constructor(topic: string, from: bigint, end: bigint) {
    super(`the topic ${topic} lacks its records from ${from} up to ${end}`);
  }
}

/** Refuses the whole batch when one value is too large. @throws OversizedRecordError */
export function assertRecordSizes(records: readonly LogRecord[]): void {
  records.forEach((record, index) => {
    const bytes = Buffer.byteLength(record.value, 'utf8');
    if (bytes > MAX_RECORD_BYTES) {
      throw new OversizedRecordError(
        `record ${index} of the batch has ${bytes} bytes, ${MAX_RECORD_BYTES} are allowed`,
      );
    }
  });
}
