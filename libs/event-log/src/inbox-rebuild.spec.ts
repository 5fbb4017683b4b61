import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DevelopmentSealer } from '@acogida/sealing';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { readingOf } from './inbox-sealing.ts';
import { rebuildContractProjections, type RebuildReport } from './inbox-rebuild.ts';
import { LogShortError } from './inbox-replay.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import { SIMULATED_SECRET, type SimulatedAgency } from './inbox-testing/simulated-agency.ts';
import { MemoryEventLog } from './memory-log.ts';
import { type ContractProjection, type LogRecord, type ReplayPage, topicOf } from './port.ts';

const CASE_B = '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12';

let database: TestDatabase;
let bench: InboxBench;
let log: MemoryEventLog;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});

beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
  log = new MemoryEventLog();
});

afterAll(async () => {
  await database.drop();
});

async function hear(agency: SimulatedAgency, records: readonly LogRecord[]): Promise<void> {
  await log.ensureTopic(topicOf(agency.agencyId));
  await log.publish(topicOf(agency.agencyId), records);
  await bench.receive(agency, records);
}

function rebuild(projection: ContractProjection = bench.seen): Promise<RebuildReport> {
  const { pool, reader } = bench;
  const sealing = readingOf(new DevelopmentSealer(SIMULATED_SECRET));
  return rebuildContractProjections({ pool, log, sealing, reader, projections: [projection] });
}

async function seen(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ name: string }>(
    `SELECT source || '/' || number AS name FROM seen ORDER BY source, number`,
  );
  return rows.map(({ name }) => name);
}

/** Gathers the pages of a rebuild. */
function gathering(pages: ReplayPage[]): ContractProjection {
  return {
    ...bench.seen,
    replay: async () => ({
      add: async (page) => void pages.push(page),
      finish: async () => {},
    }),
  };
}

describe('a rebuild', () => {
  it('shows a projection what took effect, of all agencies, without policies and without what is unsettled', async () => {
    await hear(bench.intake, bench.intake.publish({}, { type: 'Malformed', caseId: CASE_B }, {}, { caseId: CASE_B }));
    await hear(bench.asylum, bench.asylum.publish({}, { type: 'UnknownThing' }));
    const [before, reacted] = [await seen(), await bench.reacted()];
    expect(await rebuild()).toEqual({ events: 4, opened: 3, sealed: 1, sources: 2 });
    expect(await seen()).toEqual(before);
    expect(await bench.reacted()).toEqual(reacted);
  });

  it('knows the events of the log by their bytes, whatever stands between them', async () => {
    const [first, second, third] = bench.intake.publish({}, {}, {});
    await hear(bench.intake, [first]);
    const forged = { ...second, value: second.value.replace('09:00:00.000Z', '09:00:01.000Z') };
    await hear(bench.intake, [bench.intake.head({ number: 1, treeSize: 1, treeHead: bench.intake.rootAt(1) }), first]);
    await hear(bench.intake, [forged, third, second, first]);
    const pages: ReplayPage[] = [];
    await rebuild(gathering(pages));
    expect(pages.flatMap(({ opened }) => opened.map(({ number }) => number))).toEqual([1, 2, 3]);
  });

  it('keeps what this node observed of an event, and shows one without a key by its class', async () => {
    bench.now = '2026-11-22T09:00:07.123Z';
    await hear(
      bench.intake,
      bench.intake.publish({ clock: '1999999999999-000000' }, { foreignKey: true, caseId: CASE_B }),
    );
    const pages: ReplayPage[] = [];
    await rebuild(gathering(pages));
    expect(pages).toEqual([
      {
        opened: [expect.objectContaining({ number: 1, clockAhead: true, receivedAt: bench.now })],
        sealed: [expect.objectContaining({ number: 2, reason: 'sealed', receivedAt: bench.now })],
      },
    ]);
  });

  it('changes nothing when the log lacks what was received', async () => {
    await hear(bench.intake, bench.intake.publish({}));
    await bench.receive(bench.intake, bench.intake.publish({}));
    await expect(rebuild()).rejects.toThrow(LogShortError);
    expect(await seen()).toEqual(['cr-border-intake/1', 'cr-border-intake/2']);
  });

  it('makes the inbox wait, which then goes on where the replay ended', async () => {
    await hear(bench.intake, bench.intake.publish({}));
    const records = bench.intake.publish({});
    let receiving = Promise.resolve();
    await rebuild({
      ...bench.seen,
      apply: async (batch, transaction) => {
        await bench.seen.apply(batch, transaction);
        receiving = bench.receive(bench.intake, records);
        await eventually(async () => {
          const { rows } = await bench.pool.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          );
          expect(rows).toHaveLength(1);
        });
      },
    });
    await receiving;
    expect(await seen()).toEqual(['cr-border-intake/1', 'cr-border-intake/2']);
  });
});
