import { type AgeBand, isCountry } from '@acogida/reference';
import { bandOfYears } from './ages.ts';
import type { AgeField, Coded, DateField, Mapping, NationalityField } from './mapping.ts';
import { dateFaultOf, type PartialDate, precisionOf } from './partial-date.ts';
import type { Problem } from './problem.ts';

const FORMULA = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

const DATE_TEXT = {
  'DATE.MALFORMED': 'the cell is no date of the form that the mapping asks for',
  'DATE.IN_FUTURE': 'the date lies in the future',
} as const;

/** The cells of each column that the mapping lists literally: these are codes, whatever they begin with. */
export function listedCells(mapping: Mapping): ReadonlyMap<string, ReadonlySet<string>> {
  const listed = new Map<string, Set<string>>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { column, codes, bands, unknown } = value as Record<string, unknown>;
    if (typeof column === 'string') {
      const cells = listed.get(column) ?? new Set<string>();
      for (const cell of Object.keys(codes ?? bands ?? {})) cells.add(cell);
      for (const cell of (unknown ?? []) as string[]) cells.add(cell);
      listed.set(column, cells);
      return;
    }
    Object.values(value).forEach(visit);
  };
  visit(mapping);
  return listed;
}

/** Whether a spreadsheet would run the cell as a formula. */
export function isFormula(cell: string): boolean {
  return FORMULA.test(cell);
}

/**
 * Translates the cells of one row by the mapping's fields. A cell that cannot be translated adds a problem and gives
 * `undefined`; the row is then not to be played.
 */
export class RowCoder {
  readonly problems: Problem[] = [];
  readonly #cells: Readonly<Record<string, string>>;
  readonly #today: string;

  /** @param today `YYYY-MM-DD`; later dates are refused */
  constructor(
    cells: Readonly<Record<string, string>>,
    listed: ReadonlyMap<string, ReadonlySet<string>>,
    today: string,
  ) {
    this.#cells = cells;
    this.#today = today;
    for (const [column, cell] of Object.entries(cells)) {
      if (isFormula(cell) && listed.get(column)?.has(cell) !== true) {
        this.#add(column, 'CELL.FORMULA', 'the cell begins like a spreadsheet formula');
      }
    }
  }

  coded<T>(field: Coded<T>): T | undefined {
    if ('value' in field) return field.value;
    const cell = this.#cell(field.column);
    if (Object.hasOwn(field.codes, cell)) return field.codes[cell];
    if (field.unknownCodes !== 'reject') return field.unknownCodes.as;
    return this.#unknownCode(field.column);
  }

  /** All contributions of several fields, each once, in order. */
  united<T>(fields: readonly Coded<readonly T[]>[]): readonly T[] {
    const all = fields.flatMap((field) => this.coded(field) ?? []);
    return [...new Map(all.map((item) => [JSON.stringify(item), item])).values()];
  }

  date(field: DateField): PartialDate | undefined {
    if ('value' in field) return field.value;
    const cell = this.#cell(field.column);
    if (field.unknown?.includes(cell) === true) return null;
    const fault = dateFaultOf(cell, this.#today);
    const wrongPrecision = fault === null && field.precision !== 'ANY' && precisionOf(cell) !== field.precision;
    if (fault === null && !wrongPrecision) return cell;
    const code = fault ?? 'DATE.MALFORMED';
    return this.#add(field.column, code, DATE_TEXT[code]);
  }

  age(field: AgeField): AgeBand | null | undefined {
    const cell = this.#cell(field.column);
    if ('unit' in field) {
      if (field.unknown?.includes(cell) === true) return null;
      return bandOfYears(cell) ?? this.#add(field.column, 'AGE.MALFORMED', 'the cell is no age in whole years');
    }
    if (Object.hasOwn(field.bands, cell)) return field.bands[cell];
    if (field.unknownCodes !== 'reject') return field.unknownCodes.as;
    return this.#unknownCode(field.column);
  }

  nationality(field: NationalityField): { nationalities: readonly string[]; nationalityStatus: string } | undefined {
    const cell = this.#cell(field.column);
    if (field.unknown?.includes(cell) === true) return { nationalities: [], nationalityStatus: 'UNDETERMINED' };
    if (isCountry(cell)) return { nationalities: [cell], nationalityStatus: field.status };
    return this.#add(field.column, 'CODE.UNKNOWN', 'the cell is no ISO 3166-1 alpha-2 code, nor listed as unknown');
  }

  #cell(column: string): string {
    return this.#cells[column] ?? '';
  }

  #unknownCode(column: string): undefined {
    return this.#add(column, 'CODE.UNKNOWN', 'the cell is none of the codes that the mapping lists for this column');
  }

  #add(column: string, code: string, text: string): undefined {
    if (!this.problems.some((known) => known.column === column)) this.problems.push({ column, code, text });
    return undefined;
  }
}
