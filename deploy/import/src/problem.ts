/** What is wrong with a row. `text` never holds the cell: a hostile or personal value must not reach a log. */
export interface Problem {
  /** Column of the header; null when the row as a whole is meant. */
  readonly column: string | null;
  /** Stable code, `CELL.FORMULA`. */
  readonly code: string;
  readonly text: string;
}

/** A problem at its line of the file. */
export interface RejectedRow {
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}
