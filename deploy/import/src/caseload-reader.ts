import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { type PhysicalLine, physicalLines } from './physical-lines.ts';
import type { Problem } from './problem.ts';

/** Longest cell, in bytes. No code is anywhere near; what is longer is not a caseload. */
export const MAX_CELL_BYTES = 64 * 1024;
/** Longest line that is kept in memory, in bytes. */
export const MAX_LINE_BYTES = 256 * 1024;
/** Most lines that one quoted record may span; keeps a stray quote from swallowing the file. */
export const MAX_LINES_PER_RECORD = 20;

/** One record of the file: its cells, or why it cannot be read. */
export interface CaseloadRecord {
  /** Line on which it begins. */
  readonly line: number;
  readonly endOffset: number;
  readonly cells: Readonly<Record<string, string>> | null;
  readonly problems: readonly Problem[];
}

/** The file as a whole cannot be read: no header, or another one than the mapping says. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

const QUOTE = 0x22;
const COMMA = 0x2c;

/** Whether the bytes end within a quoted cell, and in which cell (from 0) they end. */
function scanQuotes(bytes: Buffer): { readonly open: boolean; readonly cell: number } {
  let open = false;
  let cell = 0;
  let atCellStart = true;
  for (const byte of bytes) {
    if (byte === QUOTE && (open || atCellStart)) open = !open;
    else if (byte === QUOTE) open = true; // "" within a quoted cell closes and opens again
    if (byte === COMMA && !open) cell += 1;
    atCellStart = byte === COMMA && !open;
  }
  return { open, cell };
}

function split(bytes: Buffer): Buffer[] | null {
  try {
    const [record] = parse(bytes, {
      encoding: null,
      relax_column_count: true,
      record_delimiter: ['\u0000acogida'],
    }) as unknown as Buffer[][];
    return record ?? [];
  } catch {
    return null;
  }
}

/** Lines that can be handed back: those that a record turned out not to span. */
class Lines {
  readonly #source: AsyncGenerator<PhysicalLine>;
  #waiting: PhysicalLine[] = [];

  constructor(source: AsyncGenerator<PhysicalLine>) {
    this.#source = source;
  }

  async next(): Promise<PhysicalLine | null> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    const next = await this.#source.next();
    return next.done === true ? null : next.value;
  }

  giveBack(lines: readonly PhysicalLine[]): void {
    this.#waiting = [...lines, ...this.#waiting];
  }
}

const LINE_END = Buffer.from('\n');

/** Reads one record that begins on `first`; a record over several lines counts only when it fits the columns exactly. */
async function readRecord(first: PhysicalLine, lines: Lines, columns: number): Promise<Buffer[] | null> {
  if (!scanQuotes(first.bytes).open) return split(first.bytes);
  const taken: PhysicalLine[] = [];
  let bytes = first.bytes;
  while (taken.length < MAX_LINES_PER_RECORD && bytes.length < MAX_LINE_BYTES) {
    const line = await lines.next();
    if (line === null) break;
    taken.push(line);
    if (line.cut) break;
    bytes = Buffer.concat([bytes, LINE_END, line.bytes]);
    if (scanQuotes(bytes).open) continue;
    const cells = split(bytes);
    if (cells?.length === columns) return cells;
    break;
  }
  lines.giveBack(taken);
  return null;
}

function problemsOf(cells: readonly Buffer[], header: readonly string[]): Problem[] {
  if (cells.length !== header.length) {
    return [
      { column: null, code: 'ROW.COLUMNS', text: `the row has ${cells.length} cells, the header ${header.length}` },
    ];
  }
  return cells.flatMap((cell, index): Problem[] => {
    const column = header[index] ?? null;
    if (cell.length > MAX_CELL_BYTES) {
      return [{ column, code: 'CELL.TOO_LONG', text: `the cell is longer than ${MAX_CELL_BYTES} bytes` }];
    }
    if (!isUtf8(cell)) return [{ column, code: 'CELL.NOT_UTF8', text: 'the cell is not valid UTF-8' }];
    if (cell.includes(0)) return [{ column, code: 'CELL.CONTROL_CHARACTER', text: 'the cell holds a NUL character' }];
    return [];
  });
}

function checkHeader(line: PhysicalLine | null, expected: readonly string[]): string[] {
  if (line === null) throw new UnreadableFileError('the file is empty');
  const cells = line.cut || !isUtf8(line.bytes) ? null : split(line.bytes);
  if (cells === null) throw new UnreadableFileError('the first line is no header: it cannot be read as CSV in UTF-8');
  const header = cells.map((cell) => cell.toString('utf8').trim());
  const missing = expected.filter((column) => !header.includes(column));
  const extra = header.filter((column) => !expected.includes(column)).length;
  const faults = [
    ...(missing.length > 0 ? [`lacks the columns ${missing.join(', ')}`] : []),
    ...(extra > 0 ? [`has ${extra} column(s) that the mapping does not name`] : []),
    ...(new Set(header).size < header.length ? ['names a column twice'] : []),
  ];
  if (faults.length > 0) throw new UnreadableFileError(`the header ${faults.join(', ')}`);
  return header;
}

/**
 * Reads a CSV caseload record by record (RFC 4180, comma, header first) in bounded memory. A bad record spoils no other: a
 * quote that is never closed costs the one line it stands on. Blank lines are skipped.
 *
 * @param columns the exact names that the header must have, in any order
 * @throws UnreadableFileError when the header does not fit
 */
export async function* readCaseload(
  chunks: AsyncIterable<Buffer>,
  columns: readonly string[],
): AsyncGenerator<CaseloadRecord> {
  const lines = new Lines(physicalLines(chunks, MAX_LINE_BYTES));
  const header = checkHeader(await lines.next(), columns);
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    const place = { line: line.number, endOffset: line.endOffset };
    if (line.cut) {
      const column = header[scanQuotes(line.bytes).cell] ?? null;
      const text = `the line is longer than ${MAX_LINE_BYTES} bytes`;
      yield { ...place, cells: null, problems: [{ column, code: 'CELL.TOO_LONG', text }] };
      continue;
    }
    if (line.bytes.length === 0) continue;
    const cells = await readRecord(line, lines, header.length);
    if (cells === null) {
      const text = 'a quote is not closed, or stands where none may stand';
      yield { ...place, cells: null, problems: [{ column: null, code: 'ROW.QUOTES', text }] };
      continue;
    }
    const problems = problemsOf(cells, header);
    yield {
      ...place,
      problems,
      cells:
        problems.length > 0
          ? null
          : Object.fromEntries(header.map((column, index) => [column, cells[index]?.toString('utf8') ?? ''])),
    };
  }
}
