import { describe, expect, it } from '@jest/globals';
import { clockOfEnvelope, factsOfTimeline, timelineAsOf, type TimelineEntry } from './timeline-entry.ts';

const opened: TimelineEntry = {
  id: 'a',
  source: 'cr-border-intake',
  number: 1,
  clock: clockOfEnvelope('2026-11-02T10:00:00.000Z'),
  causationId: null,
  stream: 'case-intake-1',
  version: 1,
  class: 'case',
  type: 'CaseOpened',
  schemaVersion: 1,
  data: { place: 'CR-PASO-CANOAS', channel: 'BORDER', contactedOn: null, entryMode: 'UNKNOWN' },
  occurredAt: '2026-11-01T10:00:00.000Z',
  recordedAt: '2026-11-02T10:00:00.000Z',
};
const unopened: TimelineEntry = {
  ...opened,
  id: 'b',
  number: 2,
  clock: clockOfEnvelope('2026-11-03T10:00:00.000Z'),
  stream: null,
  version: null,
  type: null,
  schemaVersion: null,
  data: null,
  occurredAt: null,
  recordedAt: '2026-11-03T10:00:00.000Z',
};

describe('clockOfEnvelope', () => {
  it('has the form of a hybrid reading', () => {
    expect(clockOfEnvelope('2026-11-02T10:00:00.000Z')).toBe('1793613600000-000000');
  });
});

describe('timelineAsOf', () => {
  it.each([
    [null, ['a', 'b']],
    ['2026-11-03T10:00:00.000Z', ['a', 'b']],
    ['2026-11-03T09:59:59.999Z', ['a']],
    ['2026-11-02T09:59:59.999Z', []],
  ])('as of %s shows %j: what was recorded by then, whenever it occurred', (asOf, ids) => {
    expect(timelineAsOf([unopened, opened], asOf).map(({ id }) => id)).toEqual(ids);
  });
});

describe('factsOfTimeline', () => {
  it('draws facts from opened entries only', () => {
    expect(factsOfTimeline([opened, unopened])).toMatchObject({ entries: 1, lastRecordedAt: opened.recordedAt });
    expect(factsOfTimeline([unopened])).toBeNull();
    expect(factsOfTimeline([])).toBeNull();
  });
});
