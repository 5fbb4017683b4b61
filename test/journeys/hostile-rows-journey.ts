import { describe, expect, it } from '@jest/globals';
import type { ImportSummary } from '@acogida/import';
import { eventually } from '@acogida/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Auditor } from './auditor.ts';
import { SAMPLE_CASELOAD } from './caseloads.ts';
import type { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;
/** Longest wait for the auditor to have heard what was imported, in milliseconds. */
const HEARD_WITHIN_MS = MINUTES;

/** Rows that no import may take, and what it takes of the others; on a platform of the sample network. */
export function describeHostileRows(of: () => RunningPlatform): void {
  describe('a file of hostile rows', () => {
    it(
      'is reported row by row, the good rows land, and the exit code says so',
      async () => {
        const platform = of();
        const auditor = await Auditor.of(platform);
        const before = (await auditor.cases()).length;
        const [header, ...rows] = (await readFile(SAMPLE_CASELOAD.file, 'utf8')).trimEnd().split('\n');
        const columns = header!.split(',');
        const withCell = (row: string, column: string, cell: string): string =>
          row
            .split(',')
            .map((old, index) => (columns[index] === column ? cell : old))
            .join(',');
        const good = rows[0]!;
        const lines: (string | Buffer)[] = [
          header!,
          good,
          'only,three,columns',
          Buffer.concat([Buffer.from(withCell(good, 'post', 'X')), Buffer.from([0xc3, 0x28])]),
          withCell(good, 'post', 'A'.repeat(10 * 1024 * 1024)),
          withCell(good, 'post', '=HYPERLINK(A1)'),
          withCell(good, 'contacted_on', '2190-01-01'),
          good,
          rows[1]!,
        ];
        const file = join(platform.dataDir, 'hostile.csv');
        await writeFile(file, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));

        const { exitCode, json, stderr } = await platform.import<ImportSummary>(file, SAMPLE_CASELOAD.mapping);
        expect(exitCode).toBe(1);
        expect(json).toMatchObject({ rows: 8, accepted: 3, alreadyPresent: 0 });
        expect(json.rejected.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
        expect(json.rejected.map(({ column }) => column).slice(3)).toEqual(['post', 'contacted_on']);
        for (const { line, reason } of json.rejected) {
          expect(reason).toMatch(/^[A-Z]+(\.[A-Z0-9_]+)+$/);
          expect(stderr).toMatch(new RegExp(`line ${line}\\b`));
        }
        expect(stderr).not.toContain('HYPERLINK');
        await eventually(async () => expect((await auditor.cases()).length - before).toBe(3), HEARD_WITHIN_MS);

        const again = await platform.import<ImportSummary>(file, SAMPLE_CASELOAD.mapping);
        expect(again.json).toMatchObject({ accepted: 0, alreadyPresent: 3 });
      },
      5 * MINUTES,
    );

    it(
      'INV-08 a row of unknown age is a child',
      async () => {
        const platform = of();
        const text = await readFile(SAMPLE_CASELOAD.file, 'utf8');
        const [header, ...rows] = text.trimEnd().split('\n');
        const ageAt = header!.split(',').indexOf('age');
        const row = rows[2]!
          .split(',')
          .map((cell, index) => (index === ageAt ? '?' : cell))
          .join(',');
        const file = join(platform.dataDir, 'unknown-age.csv');
        await writeFile(file, `${header}\n${row}\n`);
        const auditor = await Auditor.of(platform);
        const before = new Set((await auditor.cases()).map(({ caseId }) => caseId));
        expect((await platform.import(file, SAMPLE_CASELOAD.mapping)).exitCode).toBe(0);
        const found = await eventually(async () => {
          const [added, ...more] = (await auditor.cases()).filter(({ caseId }) => !before.has(caseId));
          expect([added, more]).toEqual([expect.objectContaining({ child: true }), []]);
          const types = (await auditor.timeline(added!.caseId)).map(({ type }) => type);
          expect(types).toEqual(expect.arrayContaining(['PersonRegistered', 'ChildIdentified']));
          return added;
        }, HEARD_WITHIN_MS);
        expect(found?.ageStatus).not.toBe('ADULT');
      },
      3 * MINUTES,
    );
  });
}
