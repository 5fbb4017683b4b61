import { randomUUID } from 'node:crypto';
import { openHolds } from '@acogida/safeguards';
import { ChoiceTape, eventually } from '@acogida/testing';
import { type Fault, type FaultCounts, type HeatUnderWay, meet, pauseOf, Progress } from './faults.ts';
import { type AuthorityRecord, type Finding, foldOf, judgeCase } from './oracle.ts';
import { insist, race } from './race.ts';
import { LEASE_MS, PATIENCE_MS, type RaceWorld } from './race-world.ts';
import { BORDER, COMAR, type Racer, REFUGE } from './racing-nodes.ts';
import { placeAgain } from './restoring.ts';

const HOLDERS = [REFUGE, COMAR, BORDER] as const;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const GUARD = { roles: ['border-officer'] } as const;
/** Of what begins a race; more than it draws. */
const TAPE_LENGTH = 16;

/** What races came to. */
export interface Tally extends FaultCounts {
  races: number;
  warranted: number;
  left: number;
  overtaken: number;
  /** Overtaken ones that raised their alarm. */
  alarmed: number;
  /** Placings that were refused. */
  refused: number;
  readonly violations: string[];
}

/** Numbers that follow from a seed (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Until all hear each other and clear again: of a case that nobody knows nothing else stands against a departure. */
export async function untilClearing(world: RaceWorld): Promise<void> {
  await eventually(async () => {
    const path = `/v1/cases/${randomUUID()}/departures`;
    const reply = await insist(world, BORDER, path, { removal: 'EXPULSION' }, GUARD);
    const { obstacles } = reply.body as { readonly obstacles: readonly { readonly refusal: string }[] };
    const isClear = obstacles.map(({ refusal }) => refusal).join() === 'NOT_SEARCHED';
    if (!isClear) throw new Error(`nobody leaves: ${JSON.stringify(obstacles)}`);
  }, PATIENCE_MS);
}

async function recordAt(world: RaceWorld, agency: Racer, caseId: string): Promise<AuthorityRecord> {
  const events = await world.ledgerOf(agency, caseId);
  const isOvertaken = events.some(({ type }) => type === 'DepartureOvertaken');
  const shown = isOvertaken ? await shownAt(world, agency, caseId) : [];
  return { events, alarms: world.alarmsAt(agency), shown };
}

/** Overtaken holds on the screen of a person. */
async function shownAt(world: RaceWorld, agency: Racer, caseId: string): Promise<readonly string[]> {
  const officer = agency === BORDER ? GUARD : OFFICER;
  const reply = await world.at(agency).get(`/v1/cases/${caseId}/protection`, officer);
  const { holds } = reply.body as {
    readonly holds: readonly { readonly holdId: string; readonly isOvertaken: boolean }[];
  };
  return holds.filter(({ isOvertaken }) => isOvertaken).map(({ holdId }) => holdId);
}

/** A hold of which its authority cannot know which leases are out waits for the longest one. */
function endWhatIsForgotten(world: RaceWorld, agency: Racer, { events }: AuthorityRecord): void {
  const bare = openHolds(foldOf(events)).filter(({ protection }) => protection === null);
  for (const { count } of bare.flatMap(({ awaits }) => awaits)) {
    if (count !== null && count.spanMs > LEASE_MS * 2) world.endCount(agency, count);
  }
}

/** Lets everything be heard and every lease end, and says what came of a case. */
export async function settle(world: RaceWorld, caseId: string): Promise<Finding> {
  const { time } = world;
  let finding: Finding | undefined;
  await eventually(async () => {
    const gate = await world.gateOf(caseId);
    const authorities = await Promise.all(HOLDERS.map((agency) => recordAt(world, agency, caseId)));
    const doors = world.door.opened.filter((one) => one.caseId === caseId);
    finding = judgeCase({ gate, authorities, doors, instantAt: (ms) => time.instantAt(ms) });
    if (!finding.violations.some((one) => one.startsWith('S3'))) return;
    authorities.forEach((record, index) => endWhatIsForgotten(world, HOLDERS[index] as Racer, record));
    for (const agency of HOLDERS) await world.at(agency).node.runtime.deadlines?.runDue();
    throw new Error('something is still to be heard');
  }, PATIENCE_MS).catch((error: unknown) => {
    if (finding === undefined) throw error;
  });
  return finding as Finding;
}

/** What is drawn of a heat, and how many race in it. */
export interface Heat {
  readonly seed: number;
  /** Its number. */
  readonly heat: number;
  readonly size: number;
  readonly fault: Fault;
}

/** All races of a heat at once, met by one fault; ends when everything was heard and judged. */
export async function runHeat(world: RaceWorld, { seed, heat, size, fault }: Heat): Promise<Tally> {
  const next = numbersOf(seed + heat * 7_919);
  const tape = (): ChoiceTape => new ChoiceTape(Array.from({ length: TAPE_LENGTH }, next));
  await untilClearing(world);
  const [before, progress] = [world.door.opened.length, new Progress()];
  const counts = { pauses: 0, kills: 0, restores: 0, postgresKilled: 0 };
  const { promise: struck, resolve: strike } = Promise.withResolvers<void>();
  const doors = () => world.door.opened.slice(before);
  const underWay: HeatUnderWay = { world, tape: tape(), progress, size, doors, counts, strike };
  world.beforeGateAppends = pauseOf(fault, underWay, next);
  const meeting = { onReached: () => progress.step(), struck };
  const running = Promise.all(Array.from({ length: size }, () => race(world, tape(), meeting)));
  const [runs] = await Promise.all([running, meet(fault, underWay)]);
  world.beforeGateAppends = async () => {};
  for (const agency of HOLDERS) world.logOf(agency).deliver();
  if (counts.restores > 0) {
    await placeAgain(world, runs);
    world.endForgottenLeases();
  }
  world.time.leap(LEASE_MS * 1.2);
  const findings = await Promise.all(runs.map(({ caseId }) => settle(world, caseId)));
  const left = new Set(doors().map(({ caseId }) => caseId));
  return {
    ...{ races: size, ...counts, left: left.size },
    overtaken: findings.filter(({ isOvertaken }) => isOvertaken).length,
    alarmed: findings.filter(({ isAlarmed }) => isAlarmed).length,
    refused: runs.filter(({ placed }) => placed !== 201).length,
    warranted: runs.filter(({ hasWarrant }) => hasWarrant).length,
    violations: findings.flatMap(({ violations }) => violations.map((one) => `${one} (heat ${heat}, ${fault})`)),
  };
}
