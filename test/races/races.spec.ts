import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { faultOf, FAULTS } from './faults.ts';
import { runHeat, settle, type Tally, untilClearing } from './heat.ts';
import { insist } from './race.ts';
import { LEASE_MS, PATIENCE_MS, RaceWorld } from './race-world.ts';
import { BORDER, REFUGE } from './racing-nodes.ts';

/** 2,000 take ten minutes: `npm test` plays a part of them, CI a smaller one. */
const RACES = Number(process.env['ACOGIDA_RACES'] ?? (process.env['CI'] === 'true' ? 60 : 240));
const SEED = Number(process.env['ACOGIDA_SEED'] ?? randomInt(2 ** 31));
/** What alone all heats are met by; each fault in turn by default. */
const ONLY = process.env['ACOGIDA_RACES_FAULT'];
/** Races at once; fewer where they are to meet each fault all the same. */
const HEAT_SIZE = Math.max(1, Math.min(40, Math.floor(RACES / FAULTS.length)));
const MINUTES = 60_000;
jest.setTimeout(5 * MINUTES); // longer than all that is awaited

const GUARD = { roles: ['border-officer'] } as const;
const OFFICER = { roles: ['eligibility-officer'] } as const;

let world: RaceWorld;
beforeAll(async () => {
  world = await RaceWorld.start();
  await untilClearing(world);
}, 2 * MINUTES);
afterAll(() => world?.stop(), MINUTES);

/** A case whose departure has a warrant. */
async function warranted(): Promise<{ readonly caseId: string; readonly departureId: string }> {
  const caseId = randomUUID();
  const path = `/v1/cases/${caseId}/holds`;
  const { body: placed } = await insist(world, REFUGE, path, { kind: 'APPEAL_OPEN' }, OFFICER);
  await insist(world, REFUGE, `${path}/${placed.id as string}/lifting`, { reason: 'FINAL_DECISION' }, OFFICER);
  const departureId = await eventually(async () => {
    const { body } = await insist(world, BORDER, `/v1/cases/${caseId}/departures`, { removal: 'EXPULSION' }, GUARD);
    expect(body.status).toBe('WARRANTED');
    return body.id as string;
  }, PATIENCE_MS);
  return { caseId, departureId };
}

const confirm = (caseId: string, id: string) =>
  insist(world, BORDER, `/v1/cases/${caseId}/departures/${id}/confirmation`, {}, GUARD);

async function holds(caseId: string): Promise<void> {
  const { status, body } = await insist(world, REFUGE, `/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
  expect([status, body.isProtected]).toEqual([201, true]);
}

/** The gate stands still before it writes a confirmation, while the lease ends and a hold is placed and protected. */
async function pausedAtTheDoor(): Promise<readonly [status: number, violations: readonly string[]]> {
  const { caseId, departureId } = await warranted();
  world.logOf(BORDER).holdBack(); // a gate that hears of the hold keeps the door shut for that alone
  const [stands, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  world.beforeGateAppends = () => {
    stands.resolve();
    return goesOn.promise;
  };
  const confirming = confirm(caseId, departureId);
  await stands.promise;
  world.time.leap(LEASE_MS * 1.1);
  await holds(caseId).finally(() => {
    world.beforeGateAppends = async () => {};
    goesOn.resolve();
  });
  const { status } = await confirming;
  world.logOf(BORDER).deliver();
  return [status, (await settle(world, caseId)).violations];
}

describe('the oracle of the races', () => {
  it('S1 sees nothing where a paused gate looks at its warrant again, and the departure where it does not', async () => {
    expect(await pausedAtTheDoor()).toEqual([409, []]);
    world.door.isUnlocked = true;
    const [status, violations] = await pausedAtTheDoor().finally(() => {
      world.door.isUnlocked = false;
    });
    expect([status, violations]).toEqual([200, [expect.stringMatching(/^S1 the door opened/)]]);
  });

  it('S1 sees a gate whose clock stands still', async () => {
    const { caseId, departureId } = await warranted();
    world.logOf(BORDER).holdBack();
    world.clockOf(BORDER).standStill();
    world.time.leap(LEASE_MS * 1.1);
    await holds(caseId);
    const { status } = await confirm(caseId, departureId).finally(() => world.clockOf(BORDER).goOn());
    world.logOf(BORDER).deliver();
    const { violations } = await settle(world, caseId);
    expect([status, violations]).toEqual([200, [expect.stringMatching(/^S1 the door opened/)]]);
  });
});

describe('departures that race holds', () => {
  it(
    `S1 S2 S3 S4 INV-02 hold in ${RACES} races`,
    async () => {
      const tallies: Tally[] = [];
      const beganMs = performance.now();
      for (let heat = 0, done = 0; done < RACES; heat += 1, done += HEAT_SIZE) {
        const size = Math.min(HEAT_SIZE, RACES - done);
        const tally = await runHeat(world, { seed: SEED, heat, size, fault: faultOf(heat, ONLY) });
        tallies.push(tally);
        if (tally.violations.length > 0) break;
      }
      const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
      const replay = `${ONLY === undefined ? '' : `ACOGIDA_RACES_FAULT=${ONLY} `}ACOGIDA_SEED=${SEED} ACOGIDA_RACES=${RACES} npm test -- test/races`;
      const figures = {
        ...{ races: sum((one) => one.races), warranted: sum((one) => one.warranted), left: sum((one) => one.left) },
        ...{ overtaken: sum((one) => one.overtaken), alarmed: sum((one) => one.alarmed) },
        ...{ refused: sum((one) => one.refused), pauses: sum((one) => one.pauses), kills: sum((one) => one.kills) },
        ...{ restores: sum((one) => one.restores), postgresKilled: sum((one) => one.postgresKilled) },
        seconds: Math.round((performance.now() - beganMs) / 1_000),
      };
      process.stdout.write(`${JSON.stringify(figures)} ${replay}\n`);
      const { overtaken, alarmed, refused } = figures;
      expect({ replay, refused, violations: tallies.flatMap((one) => one.violations) }).toEqual({
        ...{ replay, refused: 0, violations: [] },
      });
      expect(alarmed).toBe(overtaken);
      const { left, pauses, kills, restores, postgresKilled } = figures;
      const all = ONLY === undefined ? [overtaken, pauses, kills, restores, postgresKilled] : [];
      const met = [left, ...all].map((count) => count > 0);
      expect(met).toEqual(met.map(() => true));
    },
    60 * MINUTES,
  );

  it('S3 reports whoever left before anybody was held', async () => {
    const { caseId, departureId } = await warranted();
    expect((await confirm(caseId, departureId)).status).toBe(200);
    const placed = await insist(world, REFUGE, `/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
    expect([placed.status, placed.body.isProtected]).toEqual([201, false]);
    expect(await settle(world, caseId)).toEqual({ violations: [], isOvertaken: true, isAlarmed: true });
  });
});
