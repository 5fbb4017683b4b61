import type { JsonObject } from '@acogida/core';

/** Size of the data of one event, as JSON text. */
export const EVENT_BYTES = 600;

/** Events of one append. */
export const EVENTS_PER_APPEND = 3;

/** Appends to one stream before the next is begun: versions 0, 3, 6, 9 and 12 are expected. */
export const APPENDS_PER_STREAM = 5;

const FACTS = {
  place: 'CR-PENAS-BLANCAS',
  channel: 'BORDER',
  contactedOn: '2026-11-20',
  languages: ['hat', 'fra', 'spa'],
  needs: { MEDICAL: 'YES', SAFETY: 'UNKNOWN', SHELTER: 'NO' },
};

/** Data of exactly `bytes` bytes of JSON: coded facts and a padded note, another for each index. */
export function sampleData(index: number, bytes = EVENT_BYTES): JsonObject {
  const data = { step: index, ...FACTS, note: '' };
  const missing = bytes - JSON.stringify(data).length;
  if (missing < 0) throw new RangeError(`${bytes} bytes are too few`);
  return { ...data, note: 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(missing / 26)).slice(0, missing) };
}

/** The same payloads for every peer, made beforehand so that making them costs nobody. */
export const SAMPLE_DATA: readonly JsonObject[] = Array.from({ length: 64 }, (_, index) => sampleData(1000 + index));

/** Data of the event at this place of a run. */
export function dataAt(place: number): JsonObject {
  return SAMPLE_DATA[place % SAMPLE_DATA.length] ?? {};
}

/** One worker's stream: which append comes next. */
export class StreamTurns {
  readonly #newStream: () => string;
  readonly #streams = new Map<number, { readonly stream: string; version: number }>();
  #place = 0;

  constructor(newStream: () => string) {
    this.#newStream = newStream;
  }

  /** The stream of the worker, the version expected, and the data of the events. */
  next(worker: number): { readonly stream: string; readonly version: number; readonly data: readonly JsonObject[] } {
    let current = this.#streams.get(worker);
    if (current === undefined || current.version >= EVENTS_PER_APPEND * APPENDS_PER_STREAM) {
      current = { stream: this.#newStream(), version: 0 };
      this.#streams.set(worker, current);
    }
    const { stream, version } = current;
    current.version += EVENTS_PER_APPEND;
    const place = this.#place;
    this.#place += EVENTS_PER_APPEND;
    return { stream, version, data: Array.from({ length: EVENTS_PER_APPEND }, (_, index) => dataAt(place + index)) };
  }
}
