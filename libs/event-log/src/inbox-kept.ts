import type { Instant } from '@acogida/core';
import { createHash } from 'node:crypto';
import type { Settlement } from './inbox-settlement.ts';
import type { KeptRow, LockedSource } from './inbox-store.ts';
import type { RefusedRecord } from './inbox-verification.ts';
import type { LogRecord } from './port.ts';

const LONGEST_DETAIL = 500;

/** A detail as it is kept: never longer than 500 characters. */
export function storedDetail(detail: string | null): string | null {
  return detail?.slice(0, LONGEST_DETAIL) ?? null;
}

/**
 * Keeps the raw records of settlements that are not done: blocked ones, unknown types for a newer release, and what passed by
 * its lane, for its place in its stream.
 */
export async function keepUnsettled(
  locked: LockedSource,
  settlements: readonly Settlement[],
  now: Instant,
): Promise<void> {
  const rows = settlements.flatMap(({ item, state, reason, detail, cause, passedBy }) =>
    reason === null
      ? []
      : [
          {
            kind: state === 'applied' ? 'passed' : state,
            number: item.envelope.number,
            subject: item.reading.lane,
            record: item.record,
            fingerprint: fingerprintOf(item.record),
            reason,
            detail: storedDetail(detail),
            causeSource: cause?.source ?? null,
            causeId: cause?.id ?? null,
            isChainPending: passedBy === 'lane',
          },
        ],
  );
  if (rows.length > 0) await locked.keep(rows, now);
}

/** Keeps records that could not be verified; returns those not kept before. */
export async function keepRefused(
  locked: LockedSource,
  refused: readonly RefusedRecord[],
  now: Instant,
): Promise<readonly RefusedRecord[]> {
  if (refused.length === 0) return [];
  const rows = new Map(
    refused.map(({ record, reason }) => {
      const row = { ...nowhere('unverifiable', record), reason };
      return [row.fingerprint, row] as const;
    }),
  );
  const inserted = await locked.keep([...rows.values()], now);
  return refused.filter(({ record }) => inserted.has(fingerprintOf(record)));
}

/** Keeps the record that contradicts what the agency said before, as evidence. */
export async function keepContradiction(
  locked: LockedSource,
  record: LogRecord,
  number: number,
  now: Instant,
): Promise<void> {
  await locked.keep([{ ...nowhere('equivocation', record), number, reason: 'EQUIVOCATION' }], now);
}

/**
 * Whether this evidence was passed over before: coming again, behind the events that have its number since, it is no more of a
 * contradiction than when it came first.
 */
export function isOverruled(locked: LockedSource, record: LogRecord): Promise<boolean> {
  return locked.isOverruled(fingerprintOf(record));
}

function nowhere(kind: string, record: LogRecord): Omit<KeptRow, 'reason'> {
  const unplaced = { number: null, subject: null, detail: null, causeSource: null, causeId: null };
  return { kind, record, fingerprint: fingerprintOf(record), ...unplaced, isChainPending: false };
}

function fingerprintOf({ value, headers }: LogRecord): string {
  const ordered = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([value, ordered]))
    .digest('hex');
}
