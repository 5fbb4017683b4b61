import { type ApiClient, RefusedError } from '@acogida/operations';
import { ArrivalPace } from './arrival-pace.ts';
import { type CaseloadRecord, readCaseload } from './caseload-reader.ts';
import type { Mapping } from './mapping.ts';
import type { Problem, RejectedRow } from './problem.ts';
import { listedCells, RowCoder } from './row-coder.ts';
import { NotArrivedError, RowJourney } from './row-journey.ts';
import { RowKeys } from './row-key.ts';
import { planRow, type RowPlan } from './row-plan.ts';

/** Rejected rows that the summary keeps; later ones are counted and told, not kept. */
const MAX_REJECTED_KEPT = 100_000;

/** What an import did; the last line of standard output with `--json`. */
export interface ImportSummary {
  /** Records read, good and bad. */
  readonly rows: number;
  /** Rows of which at least one step was new. */
  readonly accepted: number;
  /** Rows of which every step had been done by an earlier import. */
  readonly alreadyPresent: number;
  readonly rejected: readonly RejectedRow[];
  readonly seconds: number;
}

/** Parts of an import. */
export interface ImportOptions {
  readonly mapping: Mapping;
  readonly chunks: AsyncIterable<Buffer>;
  readonly client: Pick<ApiClient, 'call'>;
  /** `YYYY-MM-DD`: later dates are refused. */
  readonly today: string;
  /** Rows in flight at the same time. */
  readonly concurrency: number;
  readonly arrivalPatienceMs: number;
  readonly signal: AbortSignal;
  readonly onRejected: (line: number, problem: Problem) => void;
  /** Called after each row with the bytes of the file read so far and the rows done. */
  readonly onRow: (endOffset: number, rows: number) => void;
}

interface ReadyRow {
  readonly line: number;
  readonly endOffset: number;
  readonly key: string;
  readonly plan: RowPlan;
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof RefusedError) return { column: null, code: error.code, text: error.message };
  if (error instanceof NotArrivedError) return { column: null, code: 'REFERRAL.NOT_ARRIVED', text: error.message };
  return null;
}

/** One run over one file. */
export class Importer {
  readonly #options: ImportOptions;
  readonly #listed: ReturnType<typeof listedCells>;
  readonly #keys = new RowKeys();
  readonly #pace = new ArrivalPace();
  readonly #rejected: RejectedRow[] = [];
  readonly #startedMs = performance.now();
  #rows = 0;
  #accepted = 0;
  #alreadyPresent = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#listed = listedCells(options.mapping);
  }

  /**
   * Plays the file. Bad rows are reported and skipped.
   *
   * @throws UnreadableFileError before the first row; UnreachableError, NotRunningError, TokenRefusedError when the platform
   * is away for longer than the client's patience: the rows done so far stay, and another run goes on from there
   */
  async run(): Promise<ImportSummary> {
    const records = readCaseload(this.#options.chunks, this.#options.mapping.columns);
    const worker = async (): Promise<void> => {
      for (let next = await records.next(); next.done !== true; next = await records.next()) {
        this.#options.signal.throwIfAborted();
        await this.#handle(next.value);
      }
    };
    const workers = Array.from({ length: this.#options.concurrency }, worker);
    try {
      await Promise.all(workers);
    } finally {
      await records.return(undefined).catch(() => {});
    }
    return this.summary();
  }

  /** What was done so far. */
  summary(): ImportSummary {
    return {
      rows: this.#rows,
      accepted: this.#accepted,
      alreadyPresent: this.#alreadyPresent,
      rejected: [...this.#rejected].sort((a, b) => a.line - b.line),
      seconds: Math.round((performance.now() - this.#startedMs) / 10) / 100,
    };
  }

  async #handle(record: CaseloadRecord): Promise<void> {
    this.#rows += 1;
    const row = this.#prepare(record);
    if (row !== null) {
      try {
        const journey = new RowJourney(row.key, { ...this.#options, pace: this.#pace });
        if ((await journey.play(row.plan)) === 'accepted') this.#accepted += 1;
        else this.#alreadyPresent += 1;
      } catch (error) {
        const problem = problemOf(error);
        if (problem === null) throw error;
        this.#reject(row.line, [problem]);
      }
    }
    this.#options.onRow(record.endOffset, this.#rows);
  }

  /** Reads and codes a record synchronously, so that equal rows get their occurrence numbers in the order of the file. */
  #prepare(record: CaseloadRecord): ReadyRow | null {
    if (record.cells === null) return this.#reject(record.line, record.problems);
    const key = this.#keys.next(record.cells);
    const coder = new RowCoder(record.cells, this.#listed, this.#options.today);
    const plan = planRow(this.#options.mapping, coder, key);
    if (coder.problems.length > 0) return this.#reject(record.line, coder.problems);
    return { line: record.line, endOffset: record.endOffset, key, plan };
  }

  /** One entry per row: its first problem; all of them are told. */
  #reject(line: number, problems: readonly Problem[]): null {
    const first = problems[0];
    if (first !== undefined && this.#rejected.length < MAX_REJECTED_KEPT) {
      this.#rejected.push({ line, column: first.column, reason: first.code });
    }
    for (const problem of problems) this.#options.onRejected(line, problem);
    return null;
  }
}
