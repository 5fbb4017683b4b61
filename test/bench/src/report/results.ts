import type { AppendResult } from '../measures/append.ts';
import type { DepartureResult } from '../measures/departure.ts';
import type { GrowthResult } from '../measures/growth.ts';
import type { HoldResult } from '../measures/hold.ts';
import type { HttpResult } from '../measures/http.ts';
import type { LatencyResult } from '../measures/latency.ts';
import type { RebuildResult } from '../measures/rebuild.ts';
import type { StreamLoadResult } from '../measures/stream-load.ts';
import { significant } from '../statistics.ts';

/** What was measured; null: not asked for, or it could not run (see `notRun`). */
export interface BenchFigures {
  readonly append: AppendResult | null;
  readonly http: HttpResult | null;
  readonly latency: LatencyResult | null;
  readonly rebuild: RebuildResult | null;
  readonly streamLoad: StreamLoadResult | null;
  readonly departure: DepartureResult | null;
  readonly hold: HoldResult | null;
  readonly growth: GrowthResult | null;
}

/** The machine, without names or paths. */
export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly postgres: string;
  readonly kafka: string;
}

/** The content of `results/latest.json`. */
export interface BenchResults {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly mode: 'full' | 'quick';
  readonly durationSeconds: number;
  readonly machine: Machine;
  /** Why something is missing. */
  readonly notRun: readonly string[];
  readonly summary: BenchSummary;
  readonly figures: BenchFigures;
}

type Figure = number | null;

/** The last line of `--json`: medians; null where nothing was measured. */
export interface BenchSummary {
  /** At 64 in flight. */
  readonly append: { readonly eventsPerSecond: Figure; readonly ratioPeer: Figure; readonly ratioRaw: Figure };
  readonly http: { readonly ratioPeer: Figure };
  readonly latency: { readonly p50Ms: Figure; readonly p99Ms: Figure; readonly ratioRaw: Figure };
  readonly rebuild: { readonly eventsPerSecond: Figure; readonly ratioRaw: Figure };
  readonly streamLoad: { readonly p50Ms: Figure; readonly ratioPeer: Figure; readonly ratioRaw: Figure };
  /** By the slowest of its answers, and by that of the slowest authority when each is asked alone. */
  readonly departure: {
    readonly p50Ms: Figure;
    readonly p99Ms: Figure;
    readonly ratioSlowest: Figure;
    readonly ratioAlone: Figure;
  };
  /** Cost of placing one by the median of the other commands, and by the dearest. */
  readonly hold: { readonly ratioMedian: Figure; readonly ratioDearest: Figure };
  /** Cost at the largest size by that at the smallest. */
  readonly growth: { readonly append: Figure; readonly timeline: Figure };
  /** Throughput by that of ours with nothing sealed; appends at 64 in flight. */
  readonly sealing: { readonly append: Figure; readonly rebuild: Figure };
}

const figure = (value: number | undefined): Figure => (value === undefined ? null : significant(value));

function safeguardsOf({ departure, hold }: BenchFigures): Pick<BenchSummary, 'departure' | 'hold'> {
  return {
    departure: {
      p50Ms: figure(departure?.departure.p50Ms),
      p99Ms: figure(departure?.departure.p99Ms),
      ratioSlowest: figure(departure?.ratioSlowest.median),
      ratioAlone: figure(departure?.ratioAlone.median),
    },
    hold: { ratioMedian: figure(hold?.ratioMedian.median), ratioDearest: figure(hold?.ratioDearest.median) },
  };
}

/** Draws the one line from all figures. */
export function summaryOf(figures: BenchFigures): BenchSummary {
  const append = figures.append?.levels.find((level) => level.inFlight === 64);
  const { http, latency, rebuild, streamLoad } = figures;
  const grown = figures.growth?.sizes.at(-1);
  return {
    append: {
      eventsPerSecond: figure(append?.ours.median),
      ratioPeer: figure(append?.ratioPeer.median),
      ratioRaw: figure(append?.ratioRaw.median),
    },
    http: { ratioPeer: figure(http?.ratioPeer.median) },
    latency: {
      p50Ms: figure(latency?.ours.p50Ms),
      p99Ms: figure(latency?.ours.p99Ms),
      ratioRaw: figure(latency?.ratioRaw.median),
    },
    rebuild: { eventsPerSecond: figure(rebuild?.ours.median), ratioRaw: figure(rebuild?.ratioRaw.median) },
    streamLoad: {
      p50Ms: figure(streamLoad?.oursMs.median),
      ratioPeer: figure(streamLoad?.ratioPeer.median),
      ratioRaw: figure(streamLoad?.ratioRaw.median),
    },
    ...safeguardsOf(figures),
    growth: { append: figure(grown?.append.median), timeline: figure(grown?.timeline.median) },
    sealing: { append: figure(append?.ratioPlain.median), rebuild: figure(rebuild?.ratioPlain.median) },
  };
}
