import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import type { LogRecord } from './port.ts';

const CASE_B = '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12';
const NOWHERE = { source: 'cr-refugee-unit', id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4' };

let database: TestDatabase;
let bench: InboxBench;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});
beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
});
afterAll(() => database.drop());

async function lanes(): Promise<string[]> {
  const { rows } = await database.pool.query<{ subject: string }>('SELECT subject FROM inbox.event ORDER BY number');
  return rows.map(({ subject }) => subject);
}

async function isAnythingKept(): Promise<boolean> {
  return (await database.pool.query('SELECT FROM inbox.kept')).rows.length > 0;
}

describe('an event that is sealed for others', () => {
  it('is accounted for and shown by its class; nothing of it is kept, and nothing waits for it', async () => {
    const records = bench.intake.publish({}, { foreignKey: true }, {});
    await bench.receive(bench.intake, records);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'sealed', 'applied']);
    expect(bench.sets).toEqual([{ opened: [1, 3], sealed: [2] }]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/3']);
    expect(bench.alarms).toEqual([]);
    expect(await isAnythingKept()).toBe(false);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 3, applied: 2, sealed: 1, contiguous: true });
    await bench.receive(bench.intake, records);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 3, applied: 2, sealed: 1 });
  });

  it('is an alarm where it is to this agency, under a key that it lost', async () => {
    const records = bench.intake.publish({}, {}, {});
    bench.sealing.lost.add(records[1].id);
    await bench.receive(bench.intake, records);
    await bench.receive(bench.intake, records);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'sealed', 'applied']);
    expect(bench.alarms).toEqual([{ kind: 'sealed', source: 'cr-border-intake', number: 2, reason: 'SEALED_FOR_US' }]);
  });

  it('is a cause that is here', async () => {
    const [cause] = bench.asylum.publish({ foreignKey: true });
    const causation = { source: 'cr-refugee-unit', id: cause.id };
    await bench.receive(bench.asylum, [cause]);
    await bench.receive(bench.intake, bench.intake.publish({ causation }));
    expect(await bench.states(bench.intake)).toEqual(['applied']);
  });

  it('lets go on what waited for it as a cause', async () => {
    const [cause] = bench.asylum.publish({ foreignKey: true });
    const causation = { source: 'cr-refugee-unit', id: cause.id };
    await bench.receive(bench.intake, bench.intake.publish({ causation }));
    expect(await bench.states(bench.intake)).toEqual(['parked']);
    await bench.receive(bench.asylum, [cause]);
    expect(await bench.states(bench.intake)).toEqual(['applied']);
  });

  it('is not held back by its lane', async () => {
    const [waiting, sealed] = bench.intake.publish({ causation: NOWHERE }, {});
    bench.sealing.hidden.add(sealed.id);
    await bench.receive(bench.intake, [waiting, sealed]);
    expect(await bench.states(bench.intake)).toEqual(['parked', 'sealed']);
    expect(bench.sets).toEqual([{ opened: [], sealed: [2] }]);
  });

  it('explains as many missing versions of a stream as there are of it, and not one more', async () => {
    const records = bench.intake.publish({}, {}, {}, {}, { version: 7 });
    for (const { id } of records.slice(0, 2)) bench.sealing.hidden.add(id);
    await bench.receive(bench.intake, records);
    expect(await bench.states(bench.intake)).toEqual(['sealed', 'sealed', 'applied', 'applied', 'applied']);
    expect(await bench.counts(bench.intake)).toMatchObject({ outOfOrder: 0 });
    await bench.receive(bench.intake, bench.intake.publish({ version: 11 }));
    expect(bench.alarms).toMatchObject([{ kind: 'out-of-order', number: 6 }]);
  });

  it('was parked by an earlier release: it is sealed now, and its lane goes on', async () => {
    await bench.receive(bench.intake, bench.intake.publish({ causation: NOWHERE }, {}));
    bench.sealing.hidden.add((await idOf(1)) ?? '');
    await database.pool.query(
      `UPDATE inbox.kept SET reason = 'MISSING_KEY', cause_id = NULL, cause_source = NULL WHERE kind = 'parked'`,
    );
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held']);
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_B }));
    expect(await bench.states(bench.intake)).toEqual(['sealed', 'applied', 'applied']);
    expect(await isAnythingKept()).toBe(false);
    expect(bench.sets.flatMap(({ sealed }) => sealed)).toEqual([]); // shown when it came
  });
});

async function idOf(number: number): Promise<string | undefined> {
  const { rows } = await database.pool.query<{ id: string }>(
    'SELECT event_id AS id FROM inbox.event WHERE number = $1',
    [number],
  );
  return rows[0]?.id;
}

describe('reading a page', () => {
  it('fetches the keys of what is new, once', async () => {
    const inbox = bench.inbox();
    const records = bench.intake.publish({}, {}, {});
    const ids = records.map(({ id }) => id);
    await inbox.receive('acogida.cr-border-intake.v1', records.slice(0, 2));
    await inbox.receive('acogida.cr-border-intake.v1', records);
    expect(bench.sealing.prepared).toEqual([ids.slice(0, 2), ids.slice(2)]);
  });

  it('opens what follows an event that brings its key, and not what came before it', async () => {
    bench.sealing.onLearn = ({ payload }) => {
      if (payload.type === 'KeysGranted') bench.sealing.giveKey();
    };
    const foreign = { foreignKey: true, caseId: CASE_B };
    await bench.receive(bench.intake, bench.intake.publish(foreign, { type: 'KeysGranted' }, foreign));
    expect(await bench.states(bench.intake)).toEqual(['sealed', 'applied', 'applied']);
    expect(bench.sealing.learned).toEqual([2, 3]);
  });

  it('fetches what is wanting, and takes for sealed what is wanting still', async () => {
    bench.sealing.isLoadable = true;
    await bench.receive(bench.intake, bench.intake.publish({ foreignKey: true }));
    expect(await bench.states(bench.intake)).toEqual(['applied']);
    bench.sealing.load = async () => {};
    bench.sealing.takeKey();
    await bench.receive(bench.intake, bench.intake.publish({ foreignKey: true }));
    expect(await bench.states(bench.intake)).toEqual(['applied', 'sealed']);
  });

  it('quarantines what a key of one case says of another', async () => {
    bench.sealing.viaOf = () => ({ under: 'group', caseId: CASE_B, audience: 'coded', epoch: 1 });
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_B }, {}));
    expect(await bench.states(bench.intake)).toEqual(['applied', 'quarantined']);
    expect(bench.alarms).toMatchObject([{ kind: 'quarantined', number: 2, reason: 'FOREIGN_CASE' }]);
  });
});

describe('events of a case whose keys are those of several epochs', () => {
  it('stand in order, although each epoch has a pseudonym of its own, which no operator can tell the case by', async () => {
    bench.sealing.viaOf = () => ({ under: 'group', caseId: CASE_B, audience: 'coded', epoch: 1 });
    const event = { ownSubject: true, caseId: CASE_B };
    await bench.receive(bench.intake, bench.intake.publish({ ...event, causation: NOWHERE }, event));
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held']);
    const { rows } = await database.pool.query<{ subject: string }>('SELECT DISTINCT subject FROM inbox.kept');
    expect(rows).toEqual([{ subject: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  });
});

describe('what cannot be read under a key that is here', () => {
  const event = { ownSubject: true, caseId: CASE_B };
  const malformed = { ...event, respell: () => '[]' };
  const foreign = { ...event, caseId: '5f1d8f0e-7d0f-4b57-9d5c-2f3f3a0a9d11' };

  beforeEach(() => {
    bench.sealing.viaOf = () => ({ under: 'group', caseId: CASE_B, audience: 'coded', epoch: 1 });
  });

  it.each([
    ['BROKEN_SEAL', { ...event, brokenSeal: true }],
    ['MALFORMED_PAYLOAD', malformed],
    ['FOREIGN_CASE', foreign],
  ])('holds back what comes after it on the case, under whatever pseudonym: %s', async (reason, bad) => {
    await bench.receive(bench.intake, bench.intake.publish(bad, event));
    expect(await bench.states(bench.intake)).toEqual(['quarantined', 'held']);
    expect(bench.alarms).toMatchObject([{ kind: 'quarantined', number: 1, reason }]);
    expect(new Set(await lanes()).size).toBe(1);
  });

  it('holds back nothing else where it is a word to this agency alone: nobody can say of which stream', async () => {
    bench.sealing.viaOf = () => ({ under: 'offer-key', keyId: 'offer-1' });
    const word = { ownSubject: true, stream: 'referral-1~pair.cr-conatt' };
    await bench.receive(bench.intake, bench.intake.publish({ ...word, brokenSeal: true }, word));
    expect(await bench.states(bench.intake)).toEqual(['quarantined', 'applied']);
  });
});

describe('words to this agency alone', () => {
  const publishWords = (): readonly LogRecord[] => {
    const word = { ownSubject: true, stream: 'referral-1~pair.cr-conatt' };
    return bench.intake.publish({ ...word, causation: NOWHERE }, word, {
      ...word,
      stream: 'referral-2~pair.cr-conatt',
    });
  };

  it('stand in order with those of their stream, although each has a pseudonym of its own', async () => {
    bench.sealing.viaOf = () => ({ under: 'offer-key', keyId: 'offer-1' });
    await bench.receive(bench.intake, publishWords());
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held', 'applied']);
    expect(await lanes()).toEqual([
      'referral-1~pair.cr-conatt',
      'referral-1~pair.cr-conatt',
      'referral-2~pair.cr-conatt',
    ]);
    bench.trust.delete('cr-refugee-unit'); // then nobody waits for what it said
    expect(await bench.quarantine().retry()).toEqual({ released: 2, remaining: 0 });
    expect(await bench.reacted()).toEqual(['cr-border-intake/3', 'cr-border-intake/1', 'cr-border-intake/2']);
  });

  it('stay in order where a restore at the sender lies between, and its chains begin anew', async () => {
    bench.sealing.viaOf = () => ({ under: 'offer-key', keyId: 'offer-1' });
    const word = { ownSubject: true, stream: 'referral-1~pair.cr-conatt' };
    const later = { ...word, stream: 'referral-1~pair.cr-conatt~since.2' };
    await bench.receive(bench.intake, bench.intake.publish({ ...word, causation: NOWHERE }, later));
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held']);
    expect(await bench.counts(bench.intake)).toMatchObject({ outOfOrder: 0 });
  });

  it('have nothing to do with each other as events of a case under several pseudonyms', async () => {
    await bench.receive(bench.intake, publishWords());
    expect(await bench.states(bench.intake)).toEqual(['parked', 'applied', 'applied']);
    expect(new Set(await lanes()).size).toBe(3);
  });
});
