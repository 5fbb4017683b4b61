import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A line list that journeys import. */
export interface Caseload {
  readonly name: string;
  readonly file: string;
  readonly mapping: string;
  readonly rows: number;
}

function caseload(name: string, file: string, mapping: string): Caseload {
  const rows = readFileSync(file, 'utf8').trimEnd().split('\n').length - 1;
  return { name, file, mapping, rows };
}

/** The caseload that the repository ships. */
export const SAMPLE_CASELOAD = caseload(
  'the sample caseload',
  join(root, 'deploy/import/sample/caseload.csv'),
  'deploy/import/sample/caseload.json',
);

const CTDC_FILE = resolve(root, '../shared/data/ctdc-sample.csv');

/** 1,500 records of identified victims (Counter-Trafficking Data Collaborative, 2020), where the data lie beside the checkout. */
export const REAL_CASELOAD = existsSync(CTDC_FILE)
  ? caseload('the CTDC sample', CTDC_FILE, 'deploy/import/ctdc.json')
  : null;

/** CI plays the first rows: a row is nineteen events, each of which five other agencies take in. */
const ROWS_IN_CI = { embedded: 200, kafka: 100 } as const;

/** How many rows of a caseload a journey plays: `ACOGIDA_CASELOAD_ROWS`, else all of them; in CI the first ones. */
export function rowsOn(log: 'embedded' | 'kafka', caseload: Caseload): number {
  const few = process.env['CI'] === 'true' ? ROWS_IN_CI[log] : caseload.rows;
  return Math.min(caseload.rows, Number(process.env['ACOGIDA_CASELOAD_ROWS'] ?? few));
}
