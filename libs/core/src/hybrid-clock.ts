import type { Instant } from './json.ts';

/**
 * A hybrid logical clock reading: wall-clock milliseconds and a counter that orders events of one millisecond. Encoded as
 * fixed-width text so that readings compare as strings: 13 digits of milliseconds, `-`, 6 digits of counter.
 */
export type HybridTime = string;

/** How far ahead of the local wall clock a received reading may push the local clock, in milliseconds. */
export const MAX_CLOCK_ADVANCE_MS = 60_000;

const FORMAT = /^(\d{13})-(\d{6})$/;

/** The reading before every other. */
export const HYBRID_TIME_ZERO: HybridTime = '0000000000000-000000';

function encode(ms: number, counter: number): HybridTime {
  return `${String(ms).padStart(13, '0')}-${String(counter).padStart(6, '0')}`;
}

function decode(time: HybridTime): { ms: number; counter: number } {
  const match = FORMAT.exec(time);
  if (match === null) throw new RangeError('not a hybrid time');
  return { ms: Number(match[1]), counter: Number(match[2]) };
}

/** Whether the text is a well-formed reading. */
export function isHybridTime(text: unknown): text is HybridTime {
  return typeof text === 'string' && FORMAT.test(text);
}

/** The next reading after `last` at wall-clock time `now`: strictly greater than `last`. */
export function tick(last: HybridTime, now: Instant): HybridTime {
  const previous = decode(last);
  const wallMs = Date.parse(now);
  if (wallMs > previous.ms) return encode(wallMs, 0);
  if (previous.counter < 999_999) return encode(previous.ms, previous.counter + 1);
  return encode(previous.ms + 1, 0);
}

/**
 * What the local clock becomes after seeing `received`. A reading more than `MAX_CLOCK_ADVANCE_MS` ahead of the wall clock
 * does not move it (architecture.md §4): the event is flagged and ordered by causation instead.
 */
export function observe(
  last: HybridTime,
  received: HybridTime,
  now: Instant,
): { readonly time: HybridTime; readonly ahead: boolean } {
  const wallMs = Date.parse(now);
  if (decode(received).ms > wallMs + MAX_CLOCK_ADVANCE_MS) return { time: last, ahead: true };
  return { time: received > last ? received : last, ahead: false };
}
