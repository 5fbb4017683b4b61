import type { BenchSummary } from './results.ts';

/** A ratio that is promised, and what was measured. */
export interface TargetOutcome {
  readonly name: string;
  /** Whether more is better. */
  readonly atLeast: boolean;
  readonly target: number;
  readonly measured: number | null;
}

/** The promised ratios, in the order of the report. */
export function targetsOf(summary: BenchSummary): readonly TargetOutcome[] {
  const atLeast = (name: string, target: number, measured: number | null): TargetOutcome => {
    return { name, atLeast: true, target, measured };
  };
  const atMost = (name: string, target: number, measured: number | null): TargetOutcome => {
    return { name, atLeast: false, target, measured };
  };
  return [
    atLeast('append against Emmett, events/s', 3, summary.append.ratioPeer),
    atLeast('append against raw INSERT commits', 0.6, summary.append.ratioRaw),
    atLeast('HTTP command against NestJS + Emmett', 3, summary.http.ratioPeer),
    atMost('commit to applied against raw kafkajs, p50', 4, summary.latency.ratioRaw),
    atLeast('rebuild against raw kafkajs consume', 0.4, summary.rebuild.ratioRaw),
    atMost('verified stream load against Emmett, p50', 0.5, summary.streamLoad.ratioPeer),
    atMost('departure against the slowest of its answers', 2, summary.departure.ratioSlowest),
    atMost('departure against one authority asked alone', 2, summary.departure.ratioAlone),
    atMost('placing a hold against the median command', 1, summary.hold.ratioMedian),
    atMost('placing a hold against the dearest command', 1, summary.hold.ratioDearest),
    atMost('append cost, largest store against smallest', 1.2, summary.growth.append),
    atMost('timeline cost, largest store against smallest', 1.2, summary.growth.timeline),
    atLeast('append against the same without sealing', 0.75, summary.sealing.append),
    atLeast('rebuild against the same without sealing', 0.65, summary.sealing.rebuild),
  ];
}

/** Whether the target is reached; what was not measured misses nothing. */
export function isMissed({ atLeast, target, measured }: TargetOutcome): boolean {
  if (measured === null) return false;
  return atLeast ? measured < target : measured > target;
}

/** `≥ 3×` */
export function targetText({ atLeast, target }: TargetOutcome): string {
  return `${atLeast ? '≥' : '≤'} ${target}×`;
}
