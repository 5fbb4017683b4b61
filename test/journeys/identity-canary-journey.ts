import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportSummary } from '@acogida/import';
import { IssuerTokens, nodeOf, type RunFile } from '@acogida/operations';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agencies } from './agencies.ts';
import { SAMPLE_CASELOAD } from './caseloads.ts';
import { type BytesFound, databasesOfServer, filesOfServer, lookThrough } from './collected-bytes.ts';
import { Aviary, type Collected, sightings } from './identity-canaries.ts';
import type { JourneyClock } from './journey-clock.ts';
import { type Fate, PlantedPeople } from './planted-people.ts';
import { COMAR, INTAKE, REFUGEE_UNIT } from './referral-scene.ts';
import type { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;
const BY_HTTP = 180;

/** Columns of the sample caseload whose cells decide whether the row is taken; in the others an unknown cell counts as unknown. */
const REFUSED_AT = ['contacted_on', 'post', 'how_met', 'language', 'age', 'nationality', 'lodged_on', 'asylum_in'];
const TAKEN_AT = ['entry', 'sex'];

/**
 * 200 made-up people whose identity is put into every field of the vault and into the cells of line lists: found nowhere on a
 * running platform, neither in its tables nor in the bytes of its files, at three moments of a referral.
 */
export function describeIdentityCanaries(of: () => RunningPlatform, clockOf: () => JourneyClock): void {
  describe('200 identities', () => {
    const aviary = new Aviary();
    const answers: Collected[] = [];
    /** Databases in which a case of theirs was found: they were looked through. */
    const knowing = new Set<string>();
    let run: RunFile;
    let people: PlantedPeople;
    let folder: string;

    beforeAll(async () => {
      run = await of().run();
      folder = await mkdtemp(join(tmpdir(), 'acogida-canaries-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** None in any table of any agency, nor in what anybody was answered so far. */
    async function expectNone(shown: Fate): Promise<void> {
      const databases = await databasesOfServer(nodeOf(run, INTAKE).databaseUrl);
      const known = people.caseIdOf(shown);
      for (const { name } of databases.filter(({ text }) => text.includes(known))) knowing.add(name);
      answers.push({ name: `what the receiver is shown, ${shown}`, text: await people.shownToReceiver(shown) });
      const anywhere = aviary.canaries.map((canary) => ({ ...canary, allowedAt: null }));
      expect(sightings(anywhere, [...databases, ...answers])).toEqual([]);
    }

    /** Sends a body that is refused, and keeps what was answered. */
    async function refuse(agency: string, role: string, path: string, body: object): Promise<number> {
      const token = await new IssuerTokens(run.issuer).token(agency, role);
      const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const answer = await fetch(`${nodeOf(run, agency).url}${path}`, {
        ...{ method: 'POST', headers: { ...headers, authorization: `Bearer ${token}` } },
        body: JSON.stringify(body),
      });
      const text = `${JSON.stringify([...answer.headers])}${await answer.text()}`;
      answers.push({ name: `refusal of ${path}`, text });
      return answer.status;
    }

    async function importLines(name: string, lines: readonly string[]): Promise<ImportSummary | undefined> {
      const file = join(folder, name);
      await writeFile(file, `${lines.join('\n')}\n`);
      const { json, stdout, stderr } = await of().import<ImportSummary>(file, SAMPLE_CASELOAD.mapping);
      answers.push({ name: `what the import of ${name} says`, text: `${stdout}${stderr}` });
      return json;
    }

    it(
      'before acceptance: in no table of any agency, job, log or refusal',
      async () => {
        const desks = await Agencies.of(of());
        const today = clockOf().dateIn('CR');
        people = await PlantedPeople.plant({ desks, sender: INTAKE, receiver: REFUGEE_UNIT, today }, aviary, BY_HTTP);
        const contact = { place: 'PASO-CANOAS', channel: 'BORDER', contactedOn: today, entryMode: 'IRREGULAR' };
        for (const [agency, role, path] of [
          [INTAKE, 'border-officer', '/v1/cases'],
          [INTAKE, 'caseworker', '/v1/referrals'],
          [REFUGEE_UNIT, 'eligibility-officer', '/v1/applications'],
          [COMAR, 'eligibility-officer', '/v1/applications'],
        ] as const) {
          const body = { ...contact, fullName: aviary.refused(`a name sent to ${path}`) };
          expect([path, await refuse(agency, role, path, body)]).toEqual([path, 400]);
        }
        await expectNone('OFFERED');
      },
      3 * MINUTES,
    );

    it(
      'typed into a line list: neither in what is said of the rows nor in what is taken of them',
      async () => {
        const [header = '', ...rows] = (await readFile(SAMPLE_CASELOAD.file, 'utf8')).trimEnd().split('\n');
        const columns = header.split(',');
        const lineWith = (column: string): string => {
          const cells = (rows[1] ?? '').split(',');
          cells[columns.indexOf(column)] = aviary.refused(`a cell of ${column}`);
          return cells.join(',');
        };
        const refused = [...REFUSED_AT, ...REFUSED_AT].map((column) => lineWith(column));
        const said = await importLines('cells.csv', [header, ...refused, ...TAKEN_AT.map(lineWith)]);
        expect(said).toMatchObject({ rows: refused.length + TAKEN_AT.length, accepted: TAKEN_AT.length });
        expect(said?.rejected).toHaveLength(refused.length);
        const named = rows.slice(0, 2).map((row) => `${row},${aviary.refused('a column that no mapping names')}`);
        expect(await importLines('names.csv', [`${header},full_name`, ...named])).toMatchObject({ rows: 0 });
        expect(people.count + refused.length + TAKEN_AT.length + named.length).toBe(200);
        expect(sightings(aviary.canaries, answers)).toEqual([]);
      },
      3 * MINUTES,
    );

    it(
      'after rejection',
      async () => {
        await people.reject();
        await expectNone('REJECTED');
      },
      2 * MINUTES,
    );

    it(
      'after withdrawal: what came under the consent is destroyed, and the rest is still kept',
      async () => {
        await people.withdraw();
        await people.expectKept();
        await expectNone('WITHDRAWN');
        const looked = [INTAKE, REFUGEE_UNIT, 'cr-ombudsman'].map(
          (agency) => `database agency_${agency.replaceAll('-', '_')}`,
        );
        expect([...knowing]).toEqual(expect.arrayContaining(looked));
      },
      2 * MINUTES,
    );

    it(
      'in no byte on the disk: the log, the databases and what was deleted from them, the logs of processes, the run file',
      async () => {
        const { dataDir, output } = of();
        const isOnKafka = run.log.driver === 'kafka';
        const server = await filesOfServer(nodeOf(run, INTAKE).databaseUrl);
        const inClear = `"source":"${INTAKE}"`; // of every event on the log: so its bytes were looked at
        // the databases' files are the same on both logs
        const ofServer = server.startsWith(dataDir) ? [] : [server];
        const folders = isOnKafka ? [join(dataDir, 'kafka'), join(dataDir, 'logs')] : [dataDir, ...ofServer];
        const looked: BytesFound[] = [];
        for (const folder of folders) looked.push(await lookThrough(folder, inClear));
        expect(looked.flatMap(({ marked }) => marked)).toEqual([]);
        const logged = isOnKafka ? /acogida\..*\.log$/ : /base|pg_wal/;
        expect(looked.flatMap(({ expected }) => expected)).toContainEqual(expect.stringMatching(logged));
        const said = { name: 'the launcher', text: `${output.stdout}${output.stderr}` };
        expect(sightings(aviary.canaries, [said])).toEqual([]);
      },
      2 * MINUTES,
    );
  });
}
