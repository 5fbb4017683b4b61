import { randomUUID } from 'node:crypto';
import { type ChoiceTape, eventually, type TestDatabase } from '@acogida/testing';
import { known, openCase, turns } from './race.ts';
import { LEASE_MS, PATIENCE_MS, type RaceWorld } from './race-world.ts';
import { BORDER, COMAR, type Racer, REFUGE } from './racing-nodes.ts';
import { attest } from './restoring.ts';
import type { DoorOpened } from './watched-door.ts';

/** What the races of a heat are met by, one heat after the other. */
export const FAULTS = [
  ...(['NONE', 'HALTS_LATE', 'GATE_PAUSED', 'GATE_RESTORED', 'AUTHORITY_KILLED'] as const),
  ...(['POSTGRES_KILLED', 'ANSWERS_LATE', 'AUTHORITY_RESTORED', 'GATE_KILLED', 'CONNECTIONS_BROKEN'] as const),
] as const;
/** One of them. */
export type Fault = (typeof FAULTS)[number];

/** What a heat is met by, where not each one is met by the same. @throws RangeError no fault has that name */
export function faultOf(heat: number, only: string | undefined): Fault {
  const fault = only === undefined ? FAULTS[heat % FAULTS.length] : FAULTS.find((one) => one === only);
  if (fault === undefined) throw new RangeError(`no heat is met by ${only}`);
  return fault;
}

/** How often the world was met by what. */
export interface FaultCounts {
  /** Between what the gate decided and what it wrote. */
  pauses: number;
  kills: number;
  restores: number;
  postgresKilled: number;
}

/** How far the races of a heat are: moments that they have reached, of all of them. */
export class Progress {
  #reached = 0;
  #waiting: { readonly count: number; readonly go: () => void }[] = [];

  get reached(): number {
    return this.#reached;
  }

  step(): void {
    this.#reached += 1;
    for (const { count, go } of this.#waiting) if (count <= this.#reached) go();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#reached);
  }

  /** Resolves once so many were reached. */
  until(count: number): Promise<void> {
    if (count <= this.#reached) return Promise.resolve();
    return new Promise((go) => void this.#waiting.push({ count, go }));
  }
}

/** One heat, as a fault sees it. */
export interface HeatUnderWay {
  readonly world: RaceWorld;
  readonly tape: ChoiceTape;
  readonly progress: Progress;
  readonly size: number;
  /** Who has left in this heat. */
  readonly doors: () => readonly DoorOpened[];
  readonly counts: FaultCounts;
  /** To be called once the races are met: some wait for it. */
  readonly strike: () => void;
}

/** How a gate stands still between what it decided and what it writes: seldom in any heat, and often where that is the fault. */
export function pauseOf(
  fault: Fault,
  { world, counts }: Pick<HeatUnderWay, 'world' | 'counts'>,
  next: () => number,
): () => Promise<void> {
  const [oneIn, endsLeases] = fault === 'GATE_PAUSED' ? [3, 4] : [499, 1];
  return async () => {
    if (next() % oneIn > 0) return;
    counts.pauses += 1;
    await turns(next() % 100);
    if (next() % endsLeases === 0) world.time.leap(LEASE_MS * 1.1);
  };
}

async function killed({ world, counts }: HeatUnderWay, agency: Racer): Promise<void> {
  counts.kills += 1;
  await world.kill(agency);
  await world.start(agency);
}

/** Says something that is on the log and not in the copy: else nothing shows that this is an older one. */
async function speak(world: RaceWorld, agency: Racer, { pool: copy }: TestDatabase): Promise<void> {
  const { rows } = await copy.query<{ last: number }>('SELECT last_number AS last FROM relay.cursor');
  await (agency === BORDER ? openCase(world) : known(world, randomUUID(), agency));
  const { pool } = world.at(agency);
  await eventually(async () => {
    const said = 'SELECT FROM relay.cursor WHERE published_through > $1';
    if ((await pool.query(said, [rows[0]?.last])).rowCount !== 1) throw new Error(`${agency} says nothing`);
  }, PATIENCE_MS);
}

/** The agency goes on from what it had a moment ago: all that it granted, wrote and let out of the door since is forgotten. */
async function restored(heat: HeatUnderWay, agency: Racer): Promise<void> {
  const { world, tape, progress, size, counts } = heat;
  const copy = await world.copyOf(agency);
  const copiedAt = progress.reached;
  await speak(world, agency, copy);
  await progress.until(Math.min(copiedAt + tape.next(size), size * 2));
  await world.restore(agency, copy);
  counts.restores += 1;
  heat.strike();
  await attest(world, agency, heat.doors);
}

async function meetWith(fault: Fault, heat: HeatUnderWay): Promise<void> {
  const { world, tape, progress, size, counts } = heat;
  const someAuthority = tape.oneOf([REFUGE, COMAR] as const);
  await progress.until(tape.next(size));
  switch (fault) {
    case 'NONE':
    case 'GATE_PAUSED':
      return;
    case 'HALTS_LATE':
      return world.logOf(BORDER).holdBack();
    case 'ANSWERS_LATE':
      return world.logOf(REFUGE).holdBack();
    case 'GATE_KILLED':
      return killed(heat, BORDER);
    case 'AUTHORITY_KILLED':
      return killed(heat, someAuthority);
    case 'CONNECTIONS_BROKEN':
      return world.breakConnections(tape.oneOf([BORDER, REFUGE, COMAR]));
    case 'POSTGRES_KILLED':
      counts.postgresKilled += 1;
      return world.server.crash();
    case 'GATE_RESTORED':
      return restored(heat, BORDER);
    case 'AUTHORITY_RESTORED':
      return restored(heat, someAuthority);
  }
}

/** Meets all races of a heat, once they are as far as is drawn. */
export async function meet(fault: Fault, heat: HeatUnderWay): Promise<void> {
  await meetWith(fault, heat).finally(heat.strike);
}
