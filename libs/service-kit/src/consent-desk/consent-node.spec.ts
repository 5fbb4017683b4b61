import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@acogida/event-store';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { consentDesk } from './consent-desk.ts';
import { consentProjection } from './consent-projection.ts';
import { heldInTable } from './holdings.ts';

const STAFF = { roles: ['caseworker'] } as const;
const clock = { at: '2026-11-22T09:00:00.000Z', now: () => clock.at };
const alarm = new ManualAlarmClock();

let node: TestNode;

beforeAll(async () => {
  const desk = consentDesk([]);
  const definition = { kind: 'intake', description: 'A consent desk.', contractProjections: [], ...desk };
  node = await startTestNode(definition, { clock, alarm });
});

afterAll(() => node?.stop());

async function historyOf(caseId: string): Promise<readonly string[]> {
  return (await node.node.runtime.store.readStream(`consent-${caseId}`)).map(({ type }) => type);
}

describe('a consent whose time has come', () => {
  it('allows nothing from that instant on, and its end is recorded by the clock', async () => {
    const caseId = randomUUID();
    const expiresAt = '2026-12-01T00:00:00.000Z';
    const body = {
      ...{ caseId, purposes: ['MEDICAL'], fields: ['NEEDS'], recipients: ['cr-clinic'], services: [] },
      ...{ history: 'CURRENT', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE' },
      ...{ language: 'spa', interpretation: 'NONE_NEEDED', ageStatus: 'ADULT', expiresAt },
      ...{ explained: true, understandingChecked: true, withoutPenalty: true },
    };
    const { body: given } = await node.post('/v1/consents', body, STAFF);
    expect(given).toEqual({ id: given.id, version: 1, state: 'GRANTED', expiresAt });
    expect(alarm.wanted).toContain(expiresAt);

    clock.at = expiresAt;
    const shown = await node.get(`/v1/consents/${given.id}`, STAFF);
    expect([shown.body.state, shown.body.version]).toEqual(['EXPIRED', 1]);
    expect(await alarm.turnTo(clock.at)).toBe(true);
    expect(await historyOf(caseId)).toEqual(['ConsentGranted', 'ConsentExpired']);
    expect(await node.node.runtime.deadlines?.runDue()).toBe(0);
  });
});

describe('what is held in a table', () => {
  it('is there when the case has a row', async () => {
    const caseId = randomUUID();
    const holding = heldInTable('consent', 'CASE_FILE', 'OPEN_PROCEDURE');
    expect(await holding.isHeld(node.pool, caseId)).toBe(false);
    await node.pool.query('INSERT INTO consent VALUES ($1, $2, 3), ($3, $2, 3)', [randomUUID(), caseId, randomUUID()]);
    expect(await holding.isHeld(node.pool, caseId)).toBe(true);
  });

  it('takes no other text for a table', () => {
    expect(() => heldInTable('consent; DROP', 'CASE_FILE', 'OPEN_PROCEDURE')).toThrow(RangeError);
  });
});

describe('the case of a consent', () => {
  const consentId = randomUUID();
  const apply = (...events: readonly (readonly [type: string, caseId: string])[]): Promise<void> =>
    consentProjection.apply(
      events.map(
        ([type, caseId]) => ({ stream: `consent-${caseId}`, type, data: { consentId } }) as unknown as RecordedEvent,
      ),
      node.pool,
    );
  const caseShown = async (): Promise<unknown> =>
    (await node.pool.query('SELECT case_id FROM consent WHERE consent_id = $1', [consentId])).rows[0];

  it('is the surest that was said: its own record, then the word of who recorded it, then a withdrawal', async () => {
    const cases = [randomUUID(), randomUUID(), randomUUID(), randomUUID()] as const;
    await apply(['WithdrawalNoted', cases[0]]);
    expect(await caseShown()).toEqual({ case_id: cases[0] });
    await apply(['ConsentWithdrawn', cases[3]], ['ConsentNoted', cases[1]], ['WithdrawalNoted', cases[0]]);
    expect(await caseShown()).toEqual({ case_id: cases[1] });
    await apply(['ConsentGranted', cases[2]], ['ConsentExpired', cases[2]]);
    await apply(['ConsentNoted', cases[3]], ['WithdrawalNoted', cases[3]]);
    expect(await caseShown()).toEqual({ case_id: cases[2] });
  });

  it('is asked of no other stream, and of no withdrawal of everything', async () => {
    const before = (await node.pool.query('SELECT count(*) FROM consent')).rows;
    const others = [
      { stream: `referral-${consentId}`, type: 'ConsentGranted', data: { consentId: randomUUID() } },
      { stream: `consent-${randomUUID()}`, type: 'ConsentWithdrawn', data: { consentId: null } },
    ];
    await consentProjection.apply(others as unknown as RecordedEvent[], node.pool);
    expect((await node.pool.query('SELECT count(*) FROM consent')).rows).toEqual(before);
  });
});
