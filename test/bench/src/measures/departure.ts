import type { Asking } from '../peers/departure-node.ts';
import { type PeerProcess, withPeers } from '../process/peer-process.ts';
import { medianOf, percentileOf, ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, type BenchPlan, inTurns } from './context.ts';
import {
  askToLeave,
  AUTHORITIES,
  clearedCases,
  departureNetwork,
  type DepartureNetwork,
  GATE,
  nameAuthorities,
  officerAt,
  openCases,
  untilAllAreHeard,
} from './departure-network.ts';
import type { Percentiles } from './latency.ts';
import type { Officer } from './officer.ts';

/** Persons in the vault of the gate and of each authority. */
const PERSONS = { quick: 500, full: 2_000 } as const;
/** Persons about whom is asked; some look like somebody whom an authority knows, and are left out. */
const CASES = { quick: 60, full: 100 } as const;
const GATE_CONNECTIONS = 6;
/** Of a round, for all authorities together. */
const ALONE_SLICES = 0.75;

/** From the officer's request to the answer, and how long one authority takes for its own. */
export interface DepartureResult {
  /** Asked of each departure, beside the gate's own agency. */
  readonly authorities: number;
  /** In the vault of each. */
  readonly persons: number;
  /** All authorities are asked, and each clears it: the officer's answer is a warrant. */
  readonly departure: Percentiles;
  /** Medians of rounds, in milliseconds. */
  readonly departureMs: Spread;
  /** The slowest of the five answers of a departure, as the gate had to wait for it; medians of rounds. */
  readonly slowestMs: Spread;
  readonly ratioSlowest: Spread;
  /** Each authority is asked alone, nothing else being done: of each round the median of the one that was slowest in it. */
  readonly aloneMs: Spread;
  readonly ratioAlone: Spread;
}

/** Gives one after another, and begins again. */
function inCircles<T>(all: readonly T[]): () => T {
  let turn = 0;
  return () => all[turn++ % all.length] as T;
}

/** One round of departures, one at a time: what each took. @throws Error one got no warrant */
async function departures(officer: Officer, nextCase: () => string, durationMs: number): Promise<readonly number[]> {
  const took: number[] = [];
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs) {
    const { body, tookMs } = await askToLeave(officer, nextCase());
    if (body['status'] !== 'WARRANTED') throw new Error(`no warrant: ${JSON.stringify(body)}`);
    took.push(tookMs);
  }
  return took;
}

/** The longest of each departure's answers, which come departure by departure. @throws RangeError some are missing */
export function slowestOfEach(answersMs: readonly number[], asked: number): readonly number[] {
  if (answersMs.length % asked !== 0)
    throw new RangeError('each departure has as many answers as authorities were asked');
  return Array.from({ length: answersMs.length / asked }, (_, index) =>
    Math.max(...answersMs.slice(index * asked, (index + 1) * asked)),
  );
}

/** Makes the vaults full and the authorities known, and gives cases whose departure everybody clears. */
async function prepare(
  world: DepartureNetwork,
  peers: readonly PeerProcess[],
  officer: Officer,
  { quick }: BenchPlan,
): Promise<readonly string[]> {
  const size = quick ? 'quick' : 'full';
  const withVaults = peers.slice(1); // the directory has none
  await Promise.all(
    withVaults.map((peer, place) => peer.call('keepPersons', { seed: place + 1, count: PERSONS[size] })),
  );
  await nameAuthorities(world);
  const caseIds = await openCases(officer, CASES[size]);
  await untilAllAreHeard(officer, caseIds[0] as string);
  return clearedCases(officer, caseIds);
}

/** The median of the authority that is slowest when each is asked alone. */
async function slowestAlone(gate: PeerProcess, caseIds: readonly string[], durationMs: number): Promise<number> {
  const medians: number[] = [];
  for (const [authority] of AUTHORITIES) {
    const asking: Asking = { authority, caseIds, durationMs: durationMs / AUTHORITIES.length };
    medians.push(medianOf(await gate.call<readonly number[]>('ask', asking)));
  }
  return Math.max(...medians);
}

async function measureAt(
  { plan, server, progress }: BenchContext,
  { gate, officer, caseIds }: { gate: PeerProcess; officer: Officer; caseIds: readonly string[] },
): Promise<DepartureResult> {
  const nextCase = inCircles(caseIds);
  const all: number[] = [];
  const slowest: number[] = [];
  const departing = async (): Promise<number> => {
    await gate.call('answerTimes');
    const took = await departures(officer, nextCase, plan.sliceMs);
    slowest.push(medianOf(slowestOfEach(await gate.call('answerTimes'), AUTHORITIES.length)));
    all.push(...took);
    return medianOf(took);
  };
  await departures(officer, nextCase, plan.warmUpMs);
  await slowestAlone(gate, caseIds, plan.warmUpMs / 2);
  await server.settle();
  progress('departure');
  const turns = await inTurns(plan.rounds, {
    departure: departing,
    alone: () => slowestAlone(gate, caseIds.toReversed(), plan.sliceMs * ALONE_SLICES),
  });
  return {
    ...{ authorities: AUTHORITIES.length, persons: PERSONS[plan.quick ? 'quick' : 'full'] },
    departure: { p50Ms: percentileOf(all, 50), p99Ms: percentileOf(all, 99), samples: all.length },
    departureMs: spreadOf(turns.departure),
    ...{ slowestMs: spreadOf(slowest), ratioSlowest: ratioOf(turns.departure, slowest) },
    ...{ aloneMs: spreadOf(turns.alone), ratioAlone: ratioOf(turns.departure, turns.alone) },
  };
}

/** Asks five authorities, each a node in a process of its own, whether a person may be made to leave; and each of them alone. */
export async function measureDeparture(context: BenchContext): Promise<DepartureResult> {
  const { server, progress, plan } = context;
  progress('departure: starting seven nodes');
  const world = await departureNetwork(server);
  const wanted = world.nodes.map(({ options }) => ['departure-node', options] as const);
  return withPeers(
    wanted,
    async (peers) => {
      const officer = await officerAt(world, GATE, 'border-officer', GATE_CONNECTIONS);
      try {
        progress('departure: filling vaults');
        const caseIds = await prepare(world, peers, officer, plan);
        return await measureAt(context, { gate: peers[1] as PeerProcess, officer, caseIds });
      } finally {
        await officer.close();
      }
    },
    wanted.length,
  );
}
