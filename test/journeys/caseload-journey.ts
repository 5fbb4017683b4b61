import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportSummary } from '@acogida/import';
import type { Reconciliation } from '@acogida/operations';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Auditor, type CaseFacts, effectsBeforeCauses, type Entry } from './auditor.ts';
import { REAL_CASELOAD, rowsOn, SAMPLE_CASELOAD } from './caseloads.ts';
import { describeFaults } from './faults-journey.ts';
import { proportionalMemory } from './proportional-memory.ts';
import { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;
const LARGEST_MEMORY_BYTES = 2 * 1024 ** 3;

/** Everything that a row of identified victims must leave on the shared timeline, in this order. */
const STEPS_OF_A_VICTIM = [
  'CaseOpened',
  'RightsInformationProvided',
  'PersonRegistered',
  'UrgentNeedsScreened',
  'TraffickingIndicatorFlagged',
  'ReferralRequested',
  'ReferralAcknowledged',
  'ReferralAccepted',
  'ScreeningConducted',
  'TraffickingOutcomeRecorded',
];

function isSubsequence(wanted: readonly string[], found: readonly (string | null)[]): boolean {
  let next = 0;
  for (const type of found) if (type === wanted[next]) next += 1;
  return next === wanted.length;
}

/**
 * A caseload from first contact to the auditor's timeline, over one of the logs: imported, imported again, reconciled,
 * stopped and resumed, and in the end imported while every process is killed.
 */
export function describeCaseloadJourney(log: 'embedded' | 'kafka'): void {
  const caseload = REAL_CASELOAD ?? SAMPLE_CASELOAD;
  const rows = rowsOn(log, caseload);

  describe(`${caseload.name} on the ${log} log`, () => {
    let platform: RunningPlatform;
    let file: string;
    let cases: CaseFacts[];
    let timelines: Map<string, Entry[]>;

    beforeAll(async () => {
      platform = await RunningPlatform.create(log);
      file = join(platform.dataDir, 'caseload.csv');
      const lines = (await readFile(caseload.file, 'utf8')).split('\n', rows + 1);
      await writeFile(file, `${lines.join('\n')}\n`);
    }, 5 * MINUTES);
    afterAll(() => platform?.remove(), 2 * MINUTES);

    it('starts with a table of nodes, how to get a token, and ready in N s', () => {
      expect(platform.output.stdout).toMatch(/cr-border-intake .*http:\/\/127\.0\.0\.1:\d+/);
      expect(platform.output.stdout).toMatch(/token/);
      expect(platform.output.stdout).toMatch(/^ready in [\d.]+ s\b/m);
    });

    it(
      'takes every row in',
      async () => {
        const { exitCode, json, stderr } = await platform.import<ImportSummary>(file, caseload.mapping);
        expect({ exitCode, rejected: json?.rejected, stderr: exitCode === 0 ? '' : stderr }).toEqual({
          exitCode: 0,
          rejected: [],
          stderr: '',
        });
        expect(json).toMatchObject({ rows, accepted: rows, alreadyPresent: 0 });
      },
      20 * MINUTES,
    );

    it(
      'adds nothing when it is imported again',
      async () => {
        const { exitCode, json } = await platform.import<ImportSummary>(file, caseload.mapping);
        expect(exitCode).toBe(0);
        expect(json).toMatchObject({ accepted: 0, alreadyPresent: rows, rejected: [] });
      },
      12 * MINUTES,
    );

    it(
      'reconciles: nothing lost, nothing twice, nothing out of order',
      async () => {
        const { exitCode, json } = await platform.operate<Reconciliation>('reconcile', '--wait', '300');
        expect(json).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: 0, equal: true });
        for (const { committed, sequenced, published, nodes } of json.agencies) {
          expect({ sequenced, published }).toEqual({ sequenced: committed, published: committed });
          for (const { received, applied, sealed } of nodes)
            expect({ received, accounted: applied + sealed }).toEqual({ received: committed, accounted: committed });
        }
        expect(json.agencies.find(({ agency }) => agency === 'cr-border-intake')?.committed).toBeGreaterThanOrEqual(
          rows * 4,
        );
        expect(exitCode).toBe(0);
      },
      6 * MINUTES,
    );

    it('stays below 2 GiB of proportional memory, all processes together', async () => {
      expect(log === 'kafka' ? 0 : await proportionalMemory((await platform.run()).launcherPid)).toBeLessThan(
        LARGEST_MEMORY_BYTES,
      );
    });

    it(
      "puts every row on the auditor's timeline as a case of its own",
      async () => {
        const auditor = await Auditor.of(platform);
        cases = await auditor.cases();
        expect(cases.length).toBe(rows);
        expect(new Set(cases.map(({ caseId }) => caseId)).size).toBe(rows);
        timelines = await auditor.timelines(cases.map(({ caseId }) => caseId));
      },
      6 * MINUTES,
    );

    it('keeps causal order in every case', () => {
      for (const entries of timelines.values()) {
        expect(effectsBeforeCauses(entries)).toEqual([]);
        expect(entries[0]?.type).toBe('CaseOpened');
      }
      const answered = [...timelines.values()].flat().filter(({ type }) => type === 'ReferralAcknowledged');
      expect(answered.length).toBeGreaterThan(0);
    });

    it('brings every flagged person from rights information to the outcome that an officer recorded', () => {
      const flagged = cases.filter(({ traffickingFlagged }) => traffickingFlagged);
      if (caseload === REAL_CASELOAD) expect(flagged.length).toBe(rows);
      for (const { caseId, traffickingSuggested, traffickingOutcome, agencies, referrals } of flagged) {
        const types = timelines.get(caseId)!.map(({ type }) => type);
        expect({ caseId, types, complete: isSubsequence(STEPS_OF_A_VICTIM, types) }).toEqual({
          caseId,
          types,
          complete: true,
        });
        expect(traffickingSuggested).not.toBeNull();
        expect(traffickingOutcome).not.toBeNull();
        expect(agencies).toEqual(expect.arrayContaining(['cr-border-intake', 'cr-conatt']));
        expect(referrals).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ receiver: 'cr-conatt', state: expect.stringMatching(/ACCEPTED|COMPLETED/) }),
          ]),
        );
      }
    });

    it('INV-08 a child by age needs no means, and is treated as a child from the first record', async () => {
      const children = cases.filter(({ child }) => child);
      expect(children.length).toBe(caseload === REAL_CASELOAD ? await childrenIn(file) : children.length);
      expect(children.length).toBeGreaterThan(0);
      for (const { caseId } of children) {
        const screening = timelines.get(caseId)!.find(({ type }) => type === 'ScreeningConducted');
        if (screening === undefined) continue;
        const { ageStatus, acts, purposes, suggested } = screening.data as {
          ageStatus: string;
          acts: string[];
          purposes: string[];
          suggested: string;
        };
        expect(ageStatus).not.toBe('ADULT');
        if (acts.length > 0 && purposes.length > 0) expect(suggested).toBe('PRESUMED');
      }
    });

    it('shows what was on record at a moment', async () => {
      const [caseId, entries] = [...timelines][0]!;
      const moment = entries[Math.floor(entries.length / 2)]!.recordedAt;
      const then = await (await Auditor.of(platform)).timeline(caseId, moment);
      expect(then.map(({ id }) => id)).toEqual(
        entries.filter(({ recordedAt }) => recordedAt <= moment).map(({ id }) => id),
      );
    });

    it(
      'refuses a second start on the same data and ports',
      async () => {
        const second = platform.spawnLauncher();
        let said = '';
        second.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
        const exitCode = await new Promise((done) => second.on('close', done));
        expect(exitCode).not.toBe(0);
        expect(said).toMatch(/in use|taken|already/i);
      },
      2 * MINUTES,
    );

    it(
      'stops when asked and resumes the same data',
      async () => {
        expect(await platform.stop()).toBe(0);
        await platform.start();
        expect((await (await Auditor.of(platform)).cases()).length).toBe(rows);
        const { json } = await platform.operate<Reconciliation>('reconcile', '--wait', '120');
        expect(json).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, equal: true });
      },
      6 * MINUTES,
    );

    describeFaults(() => ({ platform, file }), log);
  });
}

/** Rows of a line list of the CTDC whose age band is below 18. */
async function childrenIn(file: string): Promise<number> {
  return (await readFile(file, 'utf8')).split('\n').filter((line) => /,Age (0-8|9-17)\s*$/.test(line)).length;
}
