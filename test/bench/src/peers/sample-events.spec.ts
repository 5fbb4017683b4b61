import { describe, expect, it } from '@jest/globals';
import { dataAt, EVENT_BYTES, sampleData, SAMPLE_DATA, StreamTurns } from './sample-events.ts';

describe('what every peer appends', () => {
  it('is of one size and not of one content', () => {
    expect(new Set(SAMPLE_DATA.map((data) => JSON.stringify(data).length))).toEqual(new Set([EVENT_BYTES]));
    expect(new Set(SAMPLE_DATA.map((data) => JSON.stringify(data))).size).toBe(SAMPLE_DATA.length);
    expect(dataAt(SAMPLE_DATA.length)).toBe(dataAt(0));
    expect(() => sampleData(1, 10)).toThrow(RangeError);
  });

  it('goes to a stream five times, then to the next; no two workers share one', () => {
    let streams = 0;
    const turns = new StreamTurns(() => `stream-${(streams += 1)}`);
    const first = Array.from({ length: 6 }, () => turns.next(0));
    expect(first.map(({ stream, version }) => `${stream} ${version}`)).toEqual([
      ...['stream-1 0', 'stream-1 3', 'stream-1 6', 'stream-1 9', 'stream-1 12', 'stream-2 0'],
    ]);
    expect(turns.next(1)).toMatchObject({ stream: 'stream-3', version: 0 });
    expect(first.every(({ data }) => data.length === 3)).toBe(true);
  });
});
