import type { BenchResults } from './results.ts';
import { isMissed, type TargetOutcome, targetsOf, targetText } from './targets.ts';

const WIDTH = 772;
const LEFT = 312;
const RIGHT = 120;
const TOP = 64;
const ROW = 34;
const BAR = 16;

/** Decades of the axis, of ratios. */
const LOWEST = 0.1;
const HIGHEST = 10;
const TICKS = [0.1, 0.3, 1, 3, 10] as const;

/** Place of a ratio on the logarithmic axis, in pixels from the left; what lies beyond the axis stands at its end. */
export function placeOf(ratio: number): number {
  const bounded = Math.min(HIGHEST, Math.max(LOWEST, ratio));
  const share = Math.log10(bounded / LOWEST) / Math.log10(HIGHEST / LOWEST);
  return Math.round((LEFT + share * (WIDTH - LEFT - RIGHT)) * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function axis(bottom: number): string {
  const lines = TICKS.map((tick) => {
    const x = placeOf(tick);
    const strong = tick === 1 ? ' class="one"' : ' class="tick"';
    return `<line x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${bottom}"${strong}/><text x="${x}" y="${TOP - 14}" text-anchor="middle" class="small">${tick}×</text>`;
  });
  return lines.join('\n  ');
}

function row(outcome: TargetOutcome, index: number): string {
  const y = TOP + index * ROW;
  const target = placeOf(outcome.target);
  const label = `<text x="${LEFT - 14}" y="${y + 13}" text-anchor="end">${escape(outcome.name)}</text>`;
  const mark = `<line x1="${target}" y1="${y - 5}" x2="${target}" y2="${y + BAR + 5}" class="target"/>`;
  const wanted = `<tspan class="small" dx="6">wanted ${targetText(outcome)}</tspan>`;
  const valueAt = WIDTH - RIGHT + 8;
  if (outcome.measured === null) {
    return `${label}${mark}<text x="${valueAt}" y="${y + 13}" class="small">not run</text>`;
  }
  const [from, to] = [placeOf(1), placeOf(outcome.measured)].toSorted((a, b) => a - b) as [number, number];
  const kind = isMissed(outcome) ? 'missed' : 'reached';
  const width = Math.max(2, Math.round((to - from) * 10) / 10);
  return `${label}<rect x="${from}" y="${y}" width="${width}" height="${BAR}" rx="2" class="${kind}"/>${mark}
  <text x="${valueAt}" y="${y + 13}">${outcome.measured}×${wanted}</text>`;
}

/** Draws the ratios on a logarithmic axis: bars from 1×, a mark at each target; legible on light and dark ground. */
export function pictureOf({ summary, date, mode, machine }: BenchResults): string {
  const outcomes = targetsOf(summary);
  const bottom = TOP + outcomes.length * ROW;
  const rows = outcomes.map((outcome, index) => row(outcome, index)).join('\n  ');
  const told = outcomes.map(({ name, measured }) => `${name}: ${measured === null ? 'not run' : `${measured} times`}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH + 60} ${bottom + 40}" role="img" aria-label="${escape(told.join('; '))}">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .small { font-size: 11px; fill: #59636e; }
    .tick { stroke: #d1d9e0; } .one { stroke: #59636e; }
    .target { stroke: #1f2328; stroke-width: 2; stroke-dasharray: 3 2; }
    .reached { fill: #2da44e; } .missed { fill: #d4762c; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; } .small { fill: #9198a1; } .tick { stroke: #3d444d; } .one { stroke: #9198a1; }
      .target { stroke: #e6edf3; } .reached { fill: #3fb950; } .missed { fill: #e8954a; }
    }
  </style>
  <text x="14" y="22">Ours divided by the peer, logarithmic; the dashed mark is the target</text>
  ${axis(bottom)}
  ${rows}
  <text x="14" y="${bottom + 24}" class="small">${mode} run of ${date}: ${machine.cores} cores, Node ${machine.node}, PostgreSQL ${machine.postgres}, ${escape(machine.kafka)}</text>
</svg>
`;
}
