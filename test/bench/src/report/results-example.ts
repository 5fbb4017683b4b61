import type { Spread } from '../statistics.ts';
import { type BenchFigures, type BenchResults, summaryOf } from './results.ts';

const spread = (median: number): Spread => ({ median, min: median * 0.9, max: median * 1.1 });

const append = (inFlight: number, ours: number, emmett: number, raw: number) => ({
  ...{ inFlight, ours: spread(ours), emmett: spread(emmett), raw: spread(raw) },
  ratioPeer: spread(ours / emmett),
  ratioRaw: spread(ours / raw),
  ...{ plain: spread(ours * 1.25), ratioPlain: spread(0.8) },
});

/** Figures of a made-up run: everything is reached but the rebuild, and a departure against one authority alone. */
export const EXAMPLE_FIGURES: BenchFigures = {
  append: {
    levels: [append(1, 1_000, 900, 2_000), append(16, 10_000, 5_000, 20_000), append(64, 30_000, 8_000, 40_000)],
    poolSizes: { emmett: 32, raw: 64 },
  },
  http: { ours: spread(9_000), emmett: spread(2_500), ratioPeer: spread(3.6), poolSizes: { emmett: 32 } },
  latency: {
    ours: { p50Ms: 2.2, p99Ms: 6, samples: 2_500 },
    raw: { p50Ms: 0.7, p99Ms: 2, samples: 2_500 },
    ratioRaw: spread(3.2),
  },
  rebuild: {
    ...{ events: 20_000, ours: spread(30_000), raw: spread(100_000), ratioRaw: spread(0.3) },
    ...{ plain: spread(40_000), ratioPlain: spread(0.75) },
  },
  streamLoad: {
    ...{ oursMs: spread(1), emmettMs: spread(4), rawMs: spread(0.8) },
    ...{ ratioPeer: spread(0.25), ratioRaw: spread(1.25), plainMs: spread(0.7) },
  },
  departure: {
    ...{ authorities: 5, persons: 2_000, departure: { p50Ms: 40, p99Ms: 90, samples: 250 } },
    ...{ departureMs: spread(40), slowestMs: spread(32), ratioSlowest: spread(1.25) },
    ...{ aloneMs: spread(16), ratioAlone: spread(2.5) },
  },
  hold: {
    holdMs: spread(1.8),
    others: [
      { command: 'case', ms: spread(2) },
      { command: 'registration', ms: spread(3) },
    ],
    ...{ ratioMedian: spread(0.9), ratioDearest: spread(0.6) },
  },
  growth: {
    sizes: [10_000, 1_000_000].map((events, place) => ({
      ...{ events, appendUs: spread(30), timelineMs: spread(0.5) },
      ...{ append: spread(1 + place * 0.1), timeline: spread(1 + place * 0.05) },
    })),
  },
};

/** The results of that run. */
export const EXAMPLE_RESULTS: BenchResults = {
  ...{ date: '2026-11-22', mode: 'full', durationSeconds: 600, notRun: [] },
  machine: {
    ...{ cores: 2, memoryGiB: 24, platform: 'linux x64', node: '24.21.0', postgres: '18.4' },
    kafka: 'Kafka 4.1.0',
  },
  summary: summaryOf(EXAMPLE_FIGURES),
  figures: EXAMPLE_FIGURES,
};

/** Where only appends were measured. */
export const APPEND_ONLY: BenchFigures = {
  ...EXAMPLE_FIGURES,
  ...{ http: null, latency: null, rebuild: null, streamLoad: null, departure: null, hold: null, growth: null },
};
