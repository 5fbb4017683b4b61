import { significant, type Spread } from '../statistics.ts';
import type { BenchFigures, BenchResults } from './results.ts';
import { isMissed, targetsOf, targetText } from './targets.ts';

/** One line of the report. */
type Row = readonly [what: string, unit: string, ours: string, peer: string, raw: string];

const HEADER: Row = ['', '', 'ours', 'peer', 'raw'];

function number(value: number): string {
  return significant(value, value >= 1000 ? 4 : 3).toLocaleString('en', { maximumFractionDigits: 3 });
}

/** `33,000 (31,000–34,000)` */
export function spreadText({ median, min, max }: Spread): string {
  return `${number(median)} (${number(min)}–${number(max)})`;
}

function ratioText(spread: Spread): string {
  return `${number(spread.median)}× (${number(spread.min)}–${number(spread.max)})`;
}

function storeRows({ append, http, streamLoad }: BenchFigures): readonly Row[] {
  const levels = (append?.levels ?? []).flatMap((level): readonly Row[] => [
    [
      ...([`append, ${level.inFlight} in flight`, 'events/s'] as const),
      ...([spreadText(level.ours), spreadText(level.emmett), spreadText(level.raw)] as const),
    ],
    ['', 'ratio', '', ratioText(level.ratioPeer), ratioText(level.ratioRaw)],
  ]);
  const command: readonly Row[] =
    http === null
      ? []
      : [
          ['HTTP command, 64 in flight', 'requests/s', spreadText(http.ours), spreadText(http.emmett), ''],
          ['', 'ratio', '', ratioText(http.ratioPeer), ''],
        ];
  const load: readonly Row[] =
    streamLoad === null
      ? []
      : [
          [
            ...(['load 200 events', 'p50 ms'] as const),
            ...([
              spreadText(streamLoad.oursMs),
              spreadText(streamLoad.emmettMs),
              spreadText(streamLoad.rawMs),
            ] as const),
          ],
          ['', 'ratio', '', ratioText(streamLoad.ratioPeer), ratioText(streamLoad.ratioRaw)],
        ];
  return [...levels, ...command, ...load];
}

function logRows({ latency, rebuild, growth }: BenchFigures): readonly Row[] {
  const applied: readonly Row[] =
    latency === null
      ? []
      : [
          ['commit to applied, 100/s', 'p50 ms', number(latency.ours.p50Ms), '', number(latency.raw.p50Ms)],
          ['', 'p99 ms', number(latency.ours.p99Ms), '', number(latency.raw.p99Ms)],
          ['', 'ratio', '', '', ratioText(latency.ratioRaw)],
        ];
  const rebuilt: readonly Row[] =
    rebuild === null
      ? []
      : [
          [
            `rebuild, ${number(rebuild.events)} events`,
            'events/s',
            spreadText(rebuild.ours),
            '',
            spreadText(rebuild.raw),
          ],
          ['', 'ratio', '', '', ratioText(rebuild.ratioRaw)],
        ];
  const grown = (growth?.sizes ?? []).flatMap((size): readonly Row[] => [
    [`append at ${number(size.events)} events`, 'µs/event', spreadText(size.appendUs), ratioText(size.append), ''],
    [`timeline at ${number(size.events)} events`, 'ms', spreadText(size.timelineMs), ratioText(size.timeline), ''],
  ]);
  return [...applied, ...rebuilt, ...grown];
}

function aligned(rows: readonly Row[]): readonly string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The report on the terminal: median (lowest–highest) of the rounds, ratios, and which targets are missed. */
export function reportOf(results: BenchResults): string {
  const { machine, figures } = results;
  const missed = targetsOf(results.summary).filter(isMissed);
  return [
    `${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, PostgreSQL ${machine.postgres}, ${machine.kafka}`,
    `${results.mode} run of ${results.date}: median (lowest–highest) of rounds in turns; ratio = ours by the other`,
    '',
    ...aligned([HEADER, ...storeRows(figures), ...logRows(figures)]),
    '',
    ...results.notRun.map((reason) => `not run: ${reason}`),
    ...(missed.length === 0 ? ['no target is missed'] : []),
    ...missed.map((outcome) => `target missed: ${outcome.name}: ${outcome.measured}×, wanted ${targetText(outcome)}`),
  ].join('\n');
}
