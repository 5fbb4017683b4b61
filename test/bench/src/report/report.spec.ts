import { describe, expect, it } from '@jest/globals';
import { pictureOf, placeOf } from './picture.ts';
import { APPEND_ONLY, EXAMPLE_FIGURES, EXAMPLE_RESULTS } from './results-example.ts';
import { summaryOf } from './results.ts';
import { reportOf, spreadText } from './table.ts';
import { isMissed, targetsOf } from './targets.ts';

const appendOnly = { ...EXAMPLE_RESULTS, summary: summaryOf(APPEND_ONLY), figures: APPEND_ONLY };

describe('the results of the bench', () => {
  it('come as one line of exactly the figures that are promised', () => {
    expect(summaryOf(EXAMPLE_FIGURES)).toEqual({
      append: { eventsPerSecond: 30_000, ratioPeer: 3.75, ratioRaw: 0.75 },
      http: { ratioPeer: 3.6 },
      latency: { p50Ms: 2.2, p99Ms: 6, ratioRaw: 3.2 },
      rebuild: { eventsPerSecond: 30_000, ratioRaw: 0.3 },
      streamLoad: { p50Ms: 1, ratioPeer: 0.25, ratioRaw: 1.25 },
      departure: { p50Ms: 40, p99Ms: 90, ratioSlowest: 1.25, ratioAlone: 2.5 },
      hold: { ratioMedian: 0.9, ratioDearest: 0.6 },
      growth: { append: 1.1, timeline: 1.05 },
      sealing: { append: 0.8, rebuild: 0.75 },
    });
  });

  it('keep the place of what was not measured, as null', () => {
    const summary = summaryOf(APPEND_ONLY);
    expect(summary.append.ratioPeer).toBe(3.75);
    const { http, latency, departure, hold, growth, sealing } = summary;
    expect([http.ratioPeer, latency.p50Ms, growth.timeline, sealing.rebuild]).toEqual([null, null, null, null]);
    expect([departure.p99Ms, departure.ratioAlone, hold.ratioMedian]).toEqual([null, null, null]);
    expect(Object.keys(summary)).toEqual(Object.keys(summaryOf(EXAMPLE_FIGURES)));
  });
});

describe('the targets', () => {
  const missedOf = (...names: string[]) => expect.arrayContaining(names.map((name) => expect.stringContaining(name)));

  it('name those that are missed and no other', () => {
    const missed = targetsOf(EXAMPLE_RESULTS.summary).filter(isMissed);
    expect(missed.map(({ name }) => name)).toEqual([
      'rebuild against raw kafkajs consume',
      'departure against one authority asked alone',
    ]);
  });

  it('are reached on the spot', () => {
    const [first] = targetsOf(EXAMPLE_RESULTS.summary);
    expect(isMissed({ ...first!, measured: 3 })).toBe(false);
    expect(isMissed({ ...first!, measured: 2.99 })).toBe(true);
    expect(isMissed({ ...first!, atLeast: false, measured: 3.01 })).toBe(true);
  });

  it('are not missed by what was not measured', () => {
    expect(targetsOf(appendOnly.summary).filter(isMissed)).toEqual([]);
    expect(targetsOf(appendOnly.summary).map(({ name }) => name)).toEqual(missedOf('rebuild', 'HTTP'));
  });
});

describe('the report', () => {
  it('shows median and spread, and says what is missed', () => {
    const text = reportOf(EXAMPLE_RESULTS);
    expect(text).toContain('append, 64 in flight');
    expect(text).toContain('30,000 (27,000–33,000)');
    expect(text).toContain('target missed: rebuild against raw kafkajs consume: 0.3×, wanted ≥ 0.4×');
    expect(text).toMatch(/departure, 5 authorities +p50 ms +40 \(36–44\) +32 \(28\.8–35\.2\) +16 \(14\.4–17\.6\)/);
    expect(text).toMatch(/ +registration +ms\/command +3 \(2\.7–3\.3\)/);
    expect(spreadText({ median: 0.5, min: 0.25, max: 12_345 })).toBe('0.5 (0.25–12,350)');
  });

  it('says what did not run and why', () => {
    const text = reportOf({ ...appendOnly, notRun: ['latency: A local Kafka needs Java 17.'] });
    expect(text).toContain('not run: latency: A local Kafka needs Java 17.');
    expect(text).toContain('no target is missed');
    expect(text).not.toContain('HTTP command');
  });
});

describe('the picture', () => {
  it('keeps its axis logarithmic and everything on it', () => {
    expect(placeOf(1) - placeOf(0.1)).toBeCloseTo(placeOf(10) - placeOf(1));
    expect(placeOf(0.001)).toBe(placeOf(0.1));
    expect(placeOf(1_000)).toBe(placeOf(10));
  });

  it('draws each ratio, marks each target, and tells them to those who cannot see it', () => {
    const svg = pictureOf(EXAMPLE_RESULTS);
    expect(svg.match(/<rect /g)).toHaveLength(14);
    expect(svg.match(/class="target"/g)).toHaveLength(14);
    expect(svg.match(/class="missed"/g)).toHaveLength(2);
    expect(svg).toContain('aria-label="append against Emmett, events/s: 3.75 times;');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('says so where something did not run', () => {
    const svg = pictureOf(appendOnly);
    expect(svg.match(/<rect /g)).toHaveLength(3);
    expect(svg).toContain('HTTP command against NestJS + Emmett: not run');
  });
});
