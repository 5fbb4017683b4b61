import { Presets, SingleBar } from 'cli-progress';

/** Least time between two progress lines where there is no terminal, in milliseconds. */
const LINE_INTERVAL_MS = 5_000;

/** Shows how far the import is: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  at(endOffset: number, rows: number): void;
  /** Writes a message without spoiling the bar. */
  tell(line: string): void;
  stop(): void;
}

/** @param totalBytes size of the file */
export function showProgress(stream: NodeJS.WriteStream, totalBytes: number): Progress {
  return stream.isTTY ? bar(stream, totalBytes) : lines(stream, totalBytes);
}

function bar(stream: NodeJS.WriteStream, totalBytes: number): Progress {
  const shown = new SingleBar(
    { stream, format: 'import {bar} {percentage}% | {rows} rows | {duration_formatted}', hideCursor: true },
    Presets.shades_classic,
  );
  shown.start(totalBytes, 0, { rows: 0 });
  let lastMs = 0;
  let furthest = 0;
  return {
    at: (endOffset, rows) => {
      furthest = Math.max(furthest, endOffset);
      if (performance.now() - lastMs < 100 && furthest < totalBytes) return;
      lastMs = performance.now();
      shown.update(furthest, { rows });
    },
    tell: (line) => stream.write(`\r\u001b[K${line}\n`),
    stop: () => shown.stop(),
  };
}

function lines(stream: NodeJS.WriteStream, totalBytes: number): Progress {
  let lastMs = performance.now();
  let furthest = 0;
  return {
    at: (endOffset, rows) => {
      furthest = Math.max(furthest, endOffset);
      if (performance.now() - lastMs < LINE_INTERVAL_MS) return;
      lastMs = performance.now();
      stream.write(`import: ${rows} rows, ${Math.floor((100 * furthest) / Math.max(totalBytes, 1))} %\n`);
    },
    tell: (line) => stream.write(`${line}\n`),
    stop: () => {},
  };
}
