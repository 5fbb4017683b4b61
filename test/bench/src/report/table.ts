import { significant, type Spread } from '../statistics.ts';
import type { BenchFigures, BenchResults } from './results.ts';
import { isMissed, targetsOf, targetText } from './targets.ts';

/** One line of the report. */
type Row = readonly string[];

const HEADER: Row = ['', '', 'ours', 'peer', 'raw', 'unsealed'];

/** Cells by their column; what is left out is empty. */
function row(
  what: string,
  unit: string,
  cells: { ours?: string; peer?: string; raw?: string; unsealed?: string },
): Row {
  return [what, unit, cells.ours ?? '', cells.peer ?? '', cells.raw ?? '', cells.unsealed ?? ''];
}

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

function appendRows({ append }: BenchFigures): readonly Row[] {
  return (append?.levels ?? []).flatMap(({ inFlight, ours, emmett, raw, plain, ratioPeer, ratioRaw, ratioPlain }) => [
    row(`append, ${inFlight} in flight`, 'events/s', {
      ...{ ours: spreadText(ours), peer: spreadText(emmett), raw: spreadText(raw), unsealed: spreadText(plain) },
    }),
    row('', 'ratio', { peer: ratioText(ratioPeer), raw: ratioText(ratioRaw), unsealed: ratioText(ratioPlain) }),
  ]);
}

function httpRows({ http }: BenchFigures): readonly Row[] {
  if (http === null) return [];
  return [
    row('HTTP command, 64 in flight', 'requests/s', { ours: spreadText(http.ours), peer: spreadText(http.emmett) }),
    row('', 'ratio', { peer: ratioText(http.ratioPeer) }),
  ];
}

function loadRows({ streamLoad }: BenchFigures): readonly Row[] {
  if (streamLoad === null) return [];
  const { oursMs, emmettMs, rawMs, plainMs, ratioPeer, ratioRaw } = streamLoad;
  return [
    row('load 200 events', 'p50 ms', {
      ...{ ours: spreadText(oursMs), peer: spreadText(emmettMs), raw: spreadText(rawMs) },
      unsealed: spreadText(plainMs),
    }),
    row('', 'ratio', { peer: ratioText(ratioPeer), raw: ratioText(ratioRaw) }),
  ];
}

function latencyRows({ latency }: BenchFigures): readonly Row[] {
  if (latency === null) return [];
  const { ours, raw, ratioRaw } = latency;
  return [
    row('commit to applied, 100/s', 'p50 ms', { ours: number(ours.p50Ms), raw: number(raw.p50Ms) }),
    row('', 'p99 ms', { ours: number(ours.p99Ms), raw: number(raw.p99Ms) }),
    row('', 'ratio', { raw: ratioText(ratioRaw) }),
  ];
}

function rebuildRows({ rebuild }: BenchFigures): readonly Row[] {
  if (rebuild === null) return [];
  const { events, ours, raw, plain, ratioRaw, ratioPlain } = rebuild;
  return [
    row(`rebuild, ${number(events)} events`, 'events/s', {
      ...{ ours: spreadText(ours), raw: spreadText(raw), unsealed: spreadText(plain) },
    }),
    row('', 'ratio', { raw: ratioText(ratioRaw), unsealed: ratioText(ratioPlain) }),
  ];
}

/** The slowest of its answers stands where the peer does, the slowest authority that is asked alone where raw does. */
function departureRows({ departure: result }: BenchFigures): readonly Row[] {
  if (result === null) return [];
  const { authorities, departure, departureMs, slowestMs, ratioSlowest, aloneMs, ratioAlone } = result;
  return [
    row(`departure, ${authorities} authorities`, 'p50 ms', {
      ...{ ours: spreadText(departureMs), peer: spreadText(slowestMs), raw: spreadText(aloneMs) },
    }),
    row('', 'p99 ms', { ours: number(departure.p99Ms) }),
    row('', 'ratio', { peer: ratioText(ratioSlowest), raw: ratioText(ratioAlone) }),
  ];
}

/** Each other command stands where the peer does. */
function holdRows({ hold }: BenchFigures): readonly Row[] {
  if (hold === null) return [];
  return [
    row('placing a hold, 16 in flight', 'ms/command', { ours: spreadText(hold.holdMs) }),
    ...hold.others.map(({ command, ms }) => row(`  ${command}`, 'ms/command', { peer: spreadText(ms) })),
    row('  against their median', 'ratio', { peer: ratioText(hold.ratioMedian) }),
    row('  against the dearest', 'ratio', { peer: ratioText(hold.ratioDearest) }),
  ];
}

/** The ratio stands where the smallest store is the peer. */
function growthRows({ growth }: BenchFigures): readonly Row[] {
  return (growth?.sizes ?? []).flatMap(({ events, appendUs, timelineMs, append, timeline }) => [
    row(`append at ${number(events)} events`, 'µs/event', { ours: spreadText(appendUs), peer: ratioText(append) }),
    row(`timeline at ${number(events)} events`, 'ms', { ours: spreadText(timelineMs), peer: ratioText(timeline) }),
  ]);
}

const ROWS = [appendRows, httpRows, loadRows, latencyRows, rebuildRows, departureRows, holdRows, growthRows];

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
    ...aligned([HEADER, ...ROWS.flatMap((rows) => rows(figures))]),
    '',
    ...results.notRun.map((reason) => `not run: ${reason}`),
    ...(missed.length === 0 ? ['no target is missed'] : []),
    ...missed.map((outcome) => `target missed: ${outcome.name}: ${outcome.measured}×, wanted ${targetText(outcome)}`),
  ].join('\n');
}
