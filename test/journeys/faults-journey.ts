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
const ROWS = Number(process.env['ACOGIDA_FAULT_ROWS'] ?? 100);

function occurrencesOf(lines: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) found.set(line, (found.get(line) ?? 0) + 1);
  return found;
}

/** How many people a file adds to those imported before: equal rows are as many people as the file that has most of them. */
function addedBy(lines: readonly string[], imported: readonly string[]): number {
  const known = occurrencesOf(imported);
  return [...occurrencesOf(lines)].reduce((sum, [line, n]) => sum + Math.max(0, n - (known.get(line) ?? 0)), 0);
}

/**
 * SIGKILL to every node, to PostgreSQL and to Kafka, once each, spread over an import; then the import is run again, and
 * nothing may be missing, double or out of order. On a platform that has the caseload: its first rows stand twice in the file
 * that is imported, and equal rows are different people.
 */
export function describeFaults(
  of: () => { readonly platform: RunningPlatform; readonly file: string },
  log: 'embedded' | 'kafka',
): void {
  const caseload = REAL_CASELOAD ?? SAMPLE_CASELOAD;

  describe('an import while every process is killed once', () => {
    let platform: RunningPlatform;
    let file: string;
    let rows: number;
    let added: number;

    beforeAll(async () => {
      ({ platform } = of());
      file = join(platform.dataDir, 'caseload-again.csv');
      const [header, ...imported] = (await readFile(of().file, 'utf8')).trimEnd().split('\n');
      const lines = imported.slice(0, ROWS);
      rows = lines.length;
      added = addedBy([...lines, ...lines], imported);
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
          const due = before + Math.floor((added * (index + 1)) / (targets.length + 2));
          await eventually(async () => expect(await openedCases()).toBeGreaterThanOrEqual(due), 4 * MINUTES);
          await eventually(() => platform.kill(target, 'SIGKILL'));
        }
        const first = await underFire;
        expect(first.exitCode === 0 || first.exitCode === 1 || first.exitCode === 3).toBe(true);
        await eventually(() => {
          for (const target of targets) expect(platform.output.stderr).toContain(`${target} died`);
        }, MINUTES);

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
        expect((await (await Auditor.of(platform)).cases()).length).toBe(before + added);
      },
      15 * MINUTES,
    );
  });
}
