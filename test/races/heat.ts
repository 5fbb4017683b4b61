import { ChoiceTape, eventually } from '@acogida/testing';
import { type Finding, judgeCase } from './oracle.ts';
import { race } from './race.ts';
import { LEASE_MS, PATIENCE_MS, type RaceWorld } from './race-world.ts';
import { BORDER, COMAR, type Racer, REFUGE } from './racing-nodes.ts';

const HOLDERS = [REFUGE, COMAR, BORDER] as const;
const FAULTS = ['NONE', 'HALTS_LATE', 'ANSWERS_LATE', 'GATE_KILLED', 'AUTHORITY_KILLED', 'CONNECTIONS_BROKEN'] as const;
/** Of what begins a race; more than it draws. */
const TAPE_LENGTH = 16;

/** What races came to. */
export interface Tally {
  races: number;
  warranted: number;
  left: number;
  overtaken: number;
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

async function killed(world: RaceWorld, agency: Racer): Promise<void> {
  await world.kill(agency);
  await world.start(agency);
}

/** Meets all races of a heat. */
async function fault(world: RaceWorld, tape: ChoiceTape, heat: number): Promise<void> {
  switch (FAULTS[heat % FAULTS.length] ?? 'NONE') {
    case 'NONE':
      return;
    case 'HALTS_LATE':
      return world.logOf(BORDER).holdBack();
    case 'ANSWERS_LATE':
      return world.logOf(REFUGE).holdBack();
    case 'GATE_KILLED':
      return killed(world, BORDER);
    case 'AUTHORITY_KILLED':
      return killed(world, tape.oneOf([REFUGE, COMAR]));
    case 'CONNECTIONS_BROKEN':
      return world.breakConnections(tape.oneOf([BORDER, REFUGE, COMAR]));
  }
}

/** Lets everything be heard and every lease end, and says what came of a case. */
export async function settle(world: RaceWorld, caseId: string): Promise<Finding> {
  const { time } = world;
  const judged = async (): Promise<Finding> => {
    const [gate, ...ledgers] = await Promise.all([
      world.gateOf(caseId),
      ...HOLDERS.map((agency) => world.ledgerOf(agency, caseId)),
    ]);
    const doors = world.door.opened.filter((one) => one.caseId === caseId);
    return judgeCase({ gate, ledgers, doors, instantAt: (ms) => time.instantAt(ms) });
  };
  let finding: Finding | undefined;
  await eventually(async () => {
    finding = await judged();
    if (!finding.violations.some((one) => one.startsWith('S3'))) return;
    for (const agency of HOLDERS) await world.at(agency).node.runtime.deadlines?.runDue();
    throw new Error('something is still to be heard');
  }, PATIENCE_MS).catch((error: unknown) => {
    if (finding === undefined) throw error;
  });
  return finding ?? judged();
}

/** All races of a heat at once, met by one fault; ends when everything was heard and judged. */
export async function runHeat(world: RaceWorld, seed: number, heat: number, size: number): Promise<Tally> {
  const next = numbersOf(seed + heat * 7_919);
  const tape = (): ChoiceTape => new ChoiceTape(Array.from({ length: TAPE_LENGTH }, next));
  const pauses = tape();
  world.beforeGateAppends = async () => {
    if (next() % 499 === 0) world.time.leap(LEASE_MS * 1.1);
  };
  const running = Promise.all(Array.from({ length: size }, () => race(world, tape())));
  const [runs] = await Promise.all([running, fault(world, pauses, heat)]);
  world.beforeGateAppends = async () => {};
  for (const agency of HOLDERS) world.logOf(agency).deliver();
  world.time.leap(LEASE_MS * 1.2);
  const tally: Tally = {
    ...{ races: size, warranted: 0, left: 0, overtaken: 0, refused: 0, violations: [] },
  };
  const findings = await Promise.all(runs.map(({ caseId }) => settle(world, caseId)));
  for (const [index, { caseId, placed, hasWarrant }] of runs.entries()) {
    const { violations, overtaken } = findings[index] as Finding;
    tally.warranted += hasWarrant ? 1 : 0;
    tally.left += world.door.opened.some((one) => one.caseId === caseId) ? 1 : 0;
    tally.overtaken += overtaken;
    if (placed !== 201) tally.refused += 1;
    tally.violations.push(...violations.map((one) => `${one} (heat ${heat}, ${FAULTS[heat % FAULTS.length] ?? ''})`));
  }
  return tally;
}
