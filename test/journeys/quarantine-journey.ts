import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportSummary } from '@acogida/import';
import { type Reconciliation, type RunFile } from '@acogida/operations';
import { eventually } from '@acogida/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Agencies } from './agencies.ts';
import { Auditor, type CaseFacts, effectsBeforeCauses } from './auditor.ts';
import { SAMPLE_CASELOAD } from './caseloads.ts';
import { publishFromAnotherRelease } from './planted-outbox.ts';
import type { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;
/** Longest wait for what was said to be heard everywhere, in milliseconds. */
const HEARD_WITHIN_MS = MINUTES;
const FAULTY_POST = 'PENAS-BLANCAS';
const SOUND_POST = 'PASO-CANOAS';

interface Kept {
  readonly source: string;
  readonly number: number;
  readonly kind: string;
  readonly reason: string;
}

interface KeptAtNodes {
  readonly nodes: readonly { readonly agency: string; readonly entries: readonly Kept[] }[];
}

const heard = <T>(probe: () => Promise<T>): Promise<T> => eventually(probe, HEARD_WITHIN_MS);

/** Events that cannot take effect at a node; the platform has some that never will after it. */
export function describeQuarantine(of: () => RunningPlatform): void {
  describe('events that cannot take effect', () => {
    let platform: RunningPlatform;
    let run: RunFile;
    let auditor: Auditor;
    let before: ReadonlySet<string>;

    beforeAll(async () => {
      platform = of();
      run = await platform.run();
      auditor = await Auditor.of(platform);
      before = new Set((await auditor.cases()).map(({ caseId }) => caseId));
    });

    /** Cases that the auditor knows since this began. */
    async function newCases(): Promise<CaseFacts[]> {
      return (await auditor.cases()).filter(({ caseId }) => !before.has(caseId));
    }

    async function atNode(agencyId: string, sql: string, values: unknown[] = []): Promise<void> {
      const { databaseUrl } = run.nodes.find((node) => node.agencyId === agencyId)!;
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(sql, values).finally(() => client.end());
    }

    /**
     * Imports some rows of the sample caseload, the first `faulty` of them met at the faulty post, the others at the sound one.
     * The first three rows are those of the hostile file.
     */
    async function importRows(from: number, to: number, faulty: number): Promise<ImportSummary> {
      const [header, ...lines] = (await readFile(SAMPLE_CASELOAD.file, 'utf8')).trimEnd().split('\n');
      const rows = lines
        .slice(from, to)
        .map((line, index) => line.replace(/,[^,]*,/, `,${index < faulty ? FAULTY_POST : SOUND_POST},`));
      const file = join(platform.dataDir, `rows-${from}.csv`);
      await writeFile(file, `${[header, ...rows].join('\n')}\n`);
      const { json, stderr } = await platform.import<ImportSummary>(file, SAMPLE_CASELOAD.mapping);
      expect({ rejected: json.rejected, stderr: json.rejected.length > 0 ? stderr : '' }).toEqual({
        rejected: [],
        stderr: '',
      });
      return json;
    }

    async function kept(): Promise<KeptAtNodes['nodes']> {
      const { json } = await platform.operate<KeptAtNodes>('quarantine', 'list');
      return json.nodes.filter(({ entries }) => entries.length > 0);
    }

    /** Reconcile finds these counts in the end, and says that they are not equal. It need not wait until all stands still. */
    async function expectUnequal(counts: Partial<Reconciliation>): Promise<void> {
      await heard(async () => {
        const { exitCode, json } = await platform.operate<Reconciliation>('reconcile', '--wait', '1');
        expect(json).toMatchObject({ ...counts, equal: false });
        expect(exitCode).toBe(1);
      });
    }

    it(
      'a fault of one node over one case: quarantined with what follows, other cases flow, a retry heals in order',
      async () => {
        await atNode(
          'cr-ombudsman',
          `CREATE FUNCTION fail_at_faulty_post() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.data::text LIKE '%${FAULTY_POST}%' THEN RAISE EXCEPTION 'a fault of this node'; END IF;
         RETURN NEW;
       END $$;
       CREATE TRIGGER faulty BEFORE INSERT ON timeline_event FOR EACH ROW EXECUTE FUNCTION fail_at_faulty_post();`,
        );
        await importRows(10, 16, 2);
        await heard(async () => expect((await newCases()).length).toBeGreaterThanOrEqual(4));
        const node = await heard(async () => {
          const [found, ...others] = await kept();
          expect([found?.agency, others]).toEqual(['cr-ombudsman', []]);
          expect(found!.entries.filter(({ kind }) => kind === 'quarantined').length).toBe(2);
          const reasons = new Set(found!.entries.map(({ reason }) => reason));
          reasons.delete('MISSING_CAUSE'); // what another agency said because of one of these waits for it
          expect(reasons).toEqual(new Set(['EFFECT_FAILED', 'LANE_BLOCKED']));
          return found;
        });
        await expectUnequal({ lost: 0, quarantined: 2 });

        const { source, number } = node!.entries.find(({ kind }) => kind === 'quarantined')!;
        const shown = await platform.operate('quarantine', 'show', source, String(number));
        expect(shown.stdout).toMatch(/EFFECT_FAILED/);
        expect(shown.stdout).not.toContain(FAULTY_POST);

        await atNode('cr-ombudsman', 'DROP TRIGGER faulty ON timeline_event');
        await heard(async () => {
          expect((await platform.operate('quarantine', 'retry', '--all')).exitCode).toBe(0);
          expect(await kept()).toEqual([]);
        });
        const healed = await heard(async () => {
          const cases = await newCases();
          expect(cases.length).toBe(6);
          return cases;
        });
        for (const { caseId } of healed) {
          const entries = await auditor.timeline(caseId);
          expect(entries[0]?.type).toBe('CaseOpened');
          expect(effectsBeforeCauses(entries)).toEqual([]);
        }
        expect((await platform.operate<Reconciliation>('reconcile', '--wait', '60')).json).toMatchObject({
          equal: true,
        });
      },
      6 * MINUTES,
    );

    it(
      'a poison event and an event of an unknown type: kept at every node, nothing else waits',
      async () => {
        const agencies = await Agencies.of(platform);
        for (const said of [
          { type: 'FingerprintTaken', data: { hand: 'LEFT' } },
          { type: 'CaseOpened', data: { place: 12 } },
        ])
          await publishFromAnotherRelease(platform, agencies, 'cr-border-intake', said);
        await heard(async () => {
          const nodes = await kept();
          expect(nodes.map(({ agency }) => agency).sort()).toEqual(
            run.nodes
              .map(({ agencyId }) => agencyId)
              .filter((agencyId) => agencyId !== 'cr-border-intake')
              .sort(),
          );
          for (const { entries } of nodes) {
            expect(entries.map(({ kind, reason }) => ({ kind, reason }))).toEqual([
              { kind: 'unknown', reason: 'UNKNOWN_TYPE' },
              { kind: 'quarantined', reason: 'INVALID_CONTRACT' },
            ]);
          }
        });
        expect(await importRows(16, 19, 0)).toMatchObject({ accepted: 3 });
        await heard(async () => expect((await newCases()).length).toBe(9));

        // Nothing can heal them in this release: they stay kept, and the exit code goes on saying so.
        expect((await platform.operate('quarantine', 'retry', '--all')).exitCode).toBe(1);
        await heard(async () => expect((await kept()).length).toBe(run.nodes.length - 1));
        await expectUnequal({ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: run.nodes.length - 1 });
      },
      6 * MINUTES,
    );
  });
}
