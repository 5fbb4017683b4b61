/** Exit codes of the operations and import commands. */
export const EXIT = { ok: 0, findings: 1, usage: 2, unreachable: 3 } as const;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where a command writes. Progress and messages go to `err`; results go to `out`. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

/** The terminal. */
export const terminal: Output = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** A number option within bounds. @throws UsageError */
export function numberOption(
  name: string,
  value: string | undefined,
  fallback: number,
  from: number,
  to: number,
): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= from && number <= to) return number;
  throw new UsageError(`--${name} takes a whole number from ${from} to ${to}`);
}

/** Rows as text columns, left-aligned, numbers right-aligned. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => String(row[column] ?? '').length)));
  const line = (row: readonly (string | number)[]): string =>
    row
      .map((cell, column) =>
        typeof cell === 'number' ? String(cell).padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
