import { readFile } from 'node:fs/promises';
import { ApiClient, UnreachableError } from '@acogida/operations';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakePlatform } from './fake-platform.ts';
import { Importer, type ImportSummary } from './importer.ts';
import { loadMapping } from './load-mapping.ts';
import type { Mapping } from './mapping.ts';

const folder = new URL('..', import.meta.url).pathname;
const AGENCIES = ['cr-border-intake', 'cr-conatt', 'cr-refugee-unit', 'mx-comar'];
const HEADER =
  'yearOfRegistration,Datasource,gender,citizenship,isForcedLabour,ControlCategory,RecruiterCategory,ExploitType,Labor_Type,ageCategories';
const GOOD = '2012,Case Management,Female,LK,1,Threats,Other,Forced Labor,Domestic Work,Age 30-38';

/** A machine that has other things to do may stand still for seconds. */
const PATIENCE_MS = 30_000;

let platform: FakePlatform;
let run: Awaited<ReturnType<FakePlatform['start']>>;
let client: ApiClient;
let ctdc: Mapping;
let told: string[];

beforeEach(async () => {
  platform = new FakePlatform();
  run = await platform.start(AGENCIES);
  client = patient(PATIENCE_MS);
  ctdc = await loadMapping(`${folder}ctdc.json`);
  told = [];
});
afterEach(() => platform.stop());

function patient(patienceMs: number): ApiClient {
  return new ApiClient(run, { token: async (agency, role) => `${agency}.${role}` }, { patienceMs, firstDelayMs: 1 });
}

function importing(content: string | Buffer, mapping: Mapping = ctdc, concurrency = 3): Promise<ImportSummary> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(content);
  }
  return new Importer({
    mapping,
    chunks: chunks(),
    client,
    today: '2026-11-22',
    concurrency,
    arrivalPatienceMs: PATIENCE_MS,
    signal: new AbortController().signal,
    onRejected: (line, { code, text }) => told.push(`${line} ${code} ${text}`),
    onRow: () => {},
  }).run();
}

describe('an import', () => {
  it('plays a row through intake and counter-trafficking in order', async () => {
    expect(await importing(`${HEADER}\n${GOOD}`)).toMatchObject({
      rows: 1,
      accepted: 1,
      alreadyPresent: 0,
      rejected: [],
    });
    expect(platform.pathsOf('cr-border-intake')).toEqual([
      '/v1/cases',
      '/v1/cases/:id/rights-information',
      '/v1/cases/:id/registration',
      '/v1/cases/:id/urgent-needs',
      '/v1/cases/:id/trafficking-flag',
      '/v1/referrals',
    ]);
    expect(platform.pathsOf('cr-conatt')).toEqual([
      '/v1/referrals/:id/acknowledgement',
      '/v1/referrals/:id/acceptance',
      '/v1/screenings',
      '/v1/screenings/:id/safety',
      '/v1/screenings/:id/consent',
      '/v1/screenings/:id/interview',
      '/v1/screenings/:id/outcome',
    ]);
    expect(platform.taken.find(({ path }) => path.endsWith('/interview'))?.body).toEqual({
      ageStatus: 'ADULT',
      acts: ['RECRUITMENT'],
      means: ['THREAT'],
      purposes: ['FORCED_LABOUR'],
      indicators: [{ list: 'ILO_EC_ADULT_LABOUR', dimension: 'CD', code: 'THREAT_OF_VIOLENCE', observed: 'YES' }],
      isInternal: null,
      sector: 'T',
      language: null,
      interpretation: null,
    });
  });

  it.each([
    ['Case Management', { outcome: 'CONFIRMED', reason: 'ELEMENTS_ESTABLISHED' }],
    ['Hotline', { outcome: 'PRESUMED', reason: 'REASONABLE_GROUNDS' }],
  ])('claims of a CTDC row from %s no more than its source bears', async (source, outcome) => {
    await importing(`${HEADER}\n${GOOD.replace('Case Management', source)}`);
    expect(platform.taken.find(({ path }) => path.endsWith('/outcome'))?.body).toEqual(outcome);
  });

  it('tells of a CTDC row only the mandatory topics, and no sex that the row does not say', async () => {
    await importing(`${HEADER}\n${GOOD.replace('Female', 'Transgender')}`);
    expect(platform.taken.find(({ path }) => path.endsWith('/rights-information'))?.body).toEqual({
      language: 'und',
      understood: true,
      interpretation: 'WRITTEN_ONLY',
      topics: [
        'SEEKING_ASYLUM',
        'VICTIM_RIGHTS',
        'CHILD_RIGHTS',
        'SERVICES',
        'REPORTING_ABUSE',
        'DATA_RIGHTS',
        'COSTS',
      ],
      packageVersion: 'takeover-und-1',
    });
    expect(platform.taken.find(({ path }) => path.endsWith('/registration'))?.body).toMatchObject({ sex: 'UNKNOWN' });
  });

  it.each(['EU', 'UN', 'XK', 'SU', 'ZZ', 'lk'])('rejects the country %s before any case is opened', async (code) => {
    expect(await importing(`${HEADER}\n${GOOD.replace(',LK,', `,${code},`)}`)).toMatchObject({
      rows: 1,
      accepted: 0,
      rejected: [{ line: 2, column: 'citizenship', reason: 'CODE.UNKNOWN' }],
    });
    expect(platform.taken).toEqual([]);
  });

  it('adds nothing the second time, and takes equal rows for different people', async () => {
    const file = `${HEADER}\n${GOOD}\n${GOOD}`;
    expect(await importing(file)).toMatchObject({ rows: 2, accepted: 2, alreadyPresent: 0 });
    const taken = platform.taken.length;
    expect(await importing(file)).toMatchObject({ rows: 2, accepted: 0, alreadyPresent: 2, rejected: [] });
    expect(platform.taken).toHaveLength(taken);
    expect(await importing(`${file}\n${GOOD}`)).toMatchObject({ rows: 3, accepted: 1, alreadyPresent: 2 });
  });

  it('INV-08 treats an unknown age as a child, whose best interests are the basis', async () => {
    await importing(`${HEADER}\n${GOOD.replace('Age 30-38', '-99')}`);
    expect(platform.taken.find(({ path }) => path.endsWith('/registration'))?.body).toMatchObject({
      ageBand: null,
      dobPrecision: 'UNKNOWN',
    });
    expect(platform.taken.find(({ path }) => path.endsWith('/interview'))?.body).toMatchObject({
      ageStatus: 'DISPUTED',
    });
    expect(platform.taken.find(({ path }) => path === '/v1/referrals')?.body).toMatchObject({
      consent: { basis: 'BEST_INTERESTS_OF_CHILD' },
    });
  });

  it('reports hostile rows one by one and lands the good ones', async () => {
    const fixture = await readFile(`${folder}fixtures/hostile.csv`);
    const tenMegabytes = Buffer.alloc(10 * 1024 * 1024, 'x');
    const summary = await importing(Buffer.concat([fixture, tenMegabytes, Buffer.from(`${GOOD.slice(4)}\n${GOOD}\n`)]));
    expect(summary).toMatchObject({ rows: 13, accepted: 4, alreadyPresent: 0 });
    expect(summary.rejected).toEqual([
      { line: 3, column: null, reason: 'ROW.COLUMNS' },
      { line: 4, column: 'gender', reason: 'CELL.NOT_UTF8' },
      { line: 5, column: 'Datasource', reason: 'CELL.FORMULA' },
      { line: 6, column: 'yearOfRegistration', reason: 'DATE.IN_FUTURE' },
      { line: 8, column: 'ControlCategory', reason: 'CODE.UNKNOWN' },
      { line: 9, column: 'citizenship', reason: 'CODE.UNKNOWN' },
      { line: 10, column: 'citizenship', reason: 'CELL.FORMULA' },
      { line: 11, column: null, reason: 'ROW.QUOTES' },
      { line: 13, column: 'yearOfRegistration', reason: 'CELL.TOO_LONG' },
    ]);
    expect(told.join('\n')).not.toMatch(/HYPERLINK|cmd|Torture|xxxx/);
  });

  it('sends asylum wishes to the country that was named, and to no one else', async () => {
    const sample = await loadMapping(`${folder}sample/caseload.json`);
    const caseload = await readFile(`${folder}sample/caseload.csv`);
    const summary = await importing(caseload, sample, 12);
    expect(summary).toMatchObject({ rows: 40, accepted: 40, rejected: [] });
    const wishes = caseload
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(',')[12]);
    const lodged = (agency: string): number =>
      platform.pathsOf(agency).filter((path) => path === '/v1/applications').length;
    expect(lodged('cr-refugee-unit')).toBe(wishes.filter((country) => country === 'CR').length);
    expect(lodged('mx-comar')).toBe(wishes.filter((country) => country === 'MX').length);
    expect(lodged('cr-conatt')).toBe(0);
  });

  it('reports a row that an agency refuses and goes on', async () => {
    platform.refusing = { suffix: '/registration', code: 'INTAKE.SOMETHING' };
    expect(await importing(`${HEADER}\n${GOOD}\n${GOOD}`)).toMatchObject({
      rows: 2,
      accepted: 0,
      rejected: [
        { line: 2, column: null, reason: 'INTAKE.SOMETHING' },
        { line: 3, column: null, reason: 'INTAKE.SOMETHING' },
      ],
    });
  });

  it('stops when the platform stays away, and goes on from there in the next run', async () => {
    const file = `${HEADER}\n${GOOD}\n${GOOD}`;
    platform.awayWith = 503;
    client = patient(50);
    await expect(importing(file)).rejects.toThrow(UnreachableError);
    platform.awayWith = null;
    client = patient(PATIENCE_MS);
    expect(await importing(file)).toMatchObject({ rows: 2, accepted: 2 });
  });
});
