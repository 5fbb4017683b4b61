import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportSummary } from '@acogida/import';
import type { Reconciliation } from '@acogida/operations';
import { eventually } from '@acogida/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Auditor } from './auditor.ts';
import { REAL_CASELOAD, SAMPLE_CASELOAD } from './caseloads.ts';
import type { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;

/** Rows to import while processes are killed; ACOGIDA_FAULT_ROWS=1500 plays the whole real caseload. */
const ROWS = Number(process.env['ACOGIDA_FAULT_ROWS'] ?? 200);

/**
 * SIGKILL to every node, to PostgreSQL and to Kafka, once each, spread over an import; then the import is run again, and
 * nothing may be missing, double or out of order. On a platform that has the caseload: its first rows stand twice in the file
 * that is imported, and equal rows are different people.
 */
export function describeFaults(of: () => RunningPlatform, log: 'embedded' | 'kafka'): void {
  const caseload = REAL_CASELOAD ?? SAMPLE_CASELOAD;

  describe('an import while every process is killed once', () => {
    let platform: RunningPlatform;
    let file: string;
    let rows: number;

    beforeAll(async () => {
      platform = of();
      file = join(platform.dataDir, 'caseload-again.csv');
      const [header, ...lines] = (await readFile(caseload.file, 'utf8'))
        .trimEnd()
        .split('\n')
        .slice(0, ROWS + 1);
      rows = lines.length;
      await writeFile(file, `${[header, ...lines, ...lines].join('\n')}\n`);
    });

    /** Cases opened so far, asked of the intake agency's database; waits while PostgreSQL is away. */
    async function openedCases(): Promise<number> {
      const { nodes } = await platform.run();
      const intake = nodes.find(({ kind }) => kind === 'intake')!;
      return eventually(async () => {
        const client = new pg.Client({ connectionString: intake.databaseUrl, connectionTimeoutMillis: 2_000 });
        client.on('error', () => {});
        await client.connect();
        try {
          const { rows: counted } = await client.query<{ count: number }>('SELECT count(*)::int FROM intake_case');
          return counted[0]!.count;
        } finally {
          await client.end();
        }
      }, MINUTES);
    }

    it(
      'comes through, and nothing is lost, double or out of order',
      async () => {
        const { nodes } = await platform.run();
        const targets = [...nodes.map(({ agencyId }) => agencyId), 'postgres', ...(log === 'kafka' ? ['kafka'] : [])];
        const before = await openedCases();
        const underFire = platform.import<ImportSummary>(file, caseload.mapping);
        for (const [index, target] of targets.entries()) {
          const due = before + Math.floor((rows * (index + 1)) / (targets.length + 2));
          await eventually(async () => expect(await openedCases()).toBeGreaterThanOrEqual(due), 4 * MINUTES);
          await eventually(() => platform.kill(target, 'SIGKILL'));
        }
        const first = await underFire;
        expect(first.exitCode === 0 || first.exitCode === 1 || first.exitCode === 3).toBe(true);
        for (const target of targets) expect(platform.output.stderr).toContain(`${target} died`);

        const again = await platform.import<ImportSummary>(file, caseload.mapping);
        expect({ exitCode: again.exitCode, stderr: again.exitCode === 0 ? '' : again.stderr }).toEqual({
          exitCode: 0,
          stderr: '',
        });
        expect(again.json).toMatchObject({ rows: 2 * rows, rejected: [] });
        expect(again.json.accepted + again.json.alreadyPresent).toBe(2 * rows);

        const { exitCode, json } = await platform.operate<Reconciliation>('reconcile', '--wait', '300');
        expect(json).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: 0, equal: true });
        expect(exitCode).toBe(0);
        expect((await (await Auditor.of(platform)).cases()).length).toBe(before + rows);
      },
      15 * MINUTES,
    );
  });
}
