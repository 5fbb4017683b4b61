import { RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import type { HttpTarget } from '../peers/http-load.ts';
import { type PeerProcess, withPeers } from '../process/peer-process.ts';
import { medianOf, ratioOf, type Spread, spreadOf } from '../statistics.ts';
import type { BenchContext } from './context.ts';
import { Officer } from './officer.ts';

const IN_FLIGHT = 16;
const CASES = { quick: 80, full: 200 } as const;

/** A case, and what the commands on it are: in the order in which officers take them. */
const STEPS = {
  'rights-information': {
    ...{ language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS },
    packageVersion: 'cr-spa-2026.1',
  },
  registration: {
    ...{ sex: 'FEMALE', ageBand: { fromYears: 18, toYears: 20 }, dobPrecision: 'ESTIMATED', nationalities: ['NI'] },
    ...{ nationalityStatus: 'DECLARED', languages: ['spa'] },
  },
  'urgent-needs': { needs: URGENT_NEEDS.map((need) => ({ need, answer: need === 'SAFETY' ? 'YES' : 'UNKNOWN' })) },
  'trafficking-flag': { source: 'OBSERVED', indicators: [] },
  'child-flag': { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' },
} as const;
const FIRST_CONTACT = {
  ...{ place: 'CR-PENAS-BLANCAS', channel: 'BORDER', contactedOn: '2026-11-20' },
  ...{ entryMode: 'IRREGULAR', entryOn: '2026-11-19' },
};
const HOLD = { kind: 'ASYLUM_INTENT' };

/** The hold is placed on the case as it is after one of these, in turn: before there is another hold, and after all. */
const HOLD_AFTER = ['rights-information', 'child-flag'] as const;

/** A command that is measured; `case` opens one. */
type Command = 'case' | keyof typeof STEPS | 'hold';

/** What commands of an intake node cost, 16 in flight, until what they publish has its number. */
export interface HoldResult {
  /** Milliseconds of the node for each. */
  readonly holdMs: Spread;
  readonly others: readonly { readonly command: string; readonly ms: Spread }[];
  /** The hold by the median of the other commands. */
  readonly ratioMedian: Spread;
  readonly ratioDearest: Spread;
}

/** Sends one command for each case, and gives the milliseconds for each. */
async function costOf(node: PeerProcess, count: number, send: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const beforeMs = performance.now();
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await send(index);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  await node.call('untilNumbered'); // what is published costs, too
  return (performance.now() - beforeMs) / count;
}

/** Each command once on each of so many new cases. */
async function costsOfRound(
  { node, officer, count }: { readonly node: PeerProcess; readonly officer: Officer; readonly count: number },
  holdAfter: Command | undefined,
): Promise<ReadonlyMap<Command, number>> {
  const caseIds: string[] = [];
  const costs = new Map<Command, number>();
  const open = async (): Promise<void> => {
    const { body } = await officer.post('/v1/cases', FIRST_CONTACT);
    caseIds.push(body['caseId'] as string);
  };
  costs.set('case', await costOf(node, count, open));
  for (const [step, body] of Object.entries(STEPS)) {
    const take = (index: number) => officer.post(`/v1/cases/${caseIds[index]}/${step}`, body);
    costs.set(step as Command, await costOf(node, count, take));
    if (step !== holdAfter) continue;
    const place = (index: number) => officer.post(`/v1/cases/${caseIds[index]}/holds`, HOLD);
    costs.set('hold', await costOf(node, count, place));
  }
  return costs;
}

/** What the rounds came to. */
export function holdResultOf(rounds: readonly ReadonlyMap<string, number>[]): HoldResult {
  const of = (command: string): readonly number[] => rounds.map((costs) => costs.get(command) ?? Number.NaN);
  const others = [...(rounds[0]?.keys() ?? [])].filter((command) => command !== 'hold');
  const acrossOthers = (pick: (costs: readonly number[]) => number): readonly number[] =>
    rounds.map((costs) => pick(others.map((command) => costs.get(command) ?? Number.NaN)));
  return {
    holdMs: spreadOf(of('hold')),
    others: others.map((command) => ({ command, ms: spreadOf(of(command)) })),
    ratioMedian: ratioOf(of('hold'), acrossOthers(medianOf)),
    ratioDearest: ratioOf(
      of('hold'),
      acrossOthers((costs) => Math.max(...costs)),
    ),
  };
}

/** Places holds at an intake node, and takes the steps of its procedure on the same cases beside that. */
export async function measureHold({ server, broker, plan, progress }: BenchContext): Promise<HoldResult> {
  const databaseUrl = await server.createDatabase('hold');
  const count = CASES[plan.quick ? 'quick' : 'full'];
  return withPeers([['http-ours', { databaseUrl, brokers: broker.brokers }]] as const, async ([node]) => {
    const { url, token } = await node.call<HttpTarget>('target');
    const officer = new Officer(url, token, IN_FLIGHT);
    try {
      progress('hold');
      for (const holdAfter of HOLD_AFTER) await costsOfRound({ node, officer, count }, holdAfter);
      await server.settle();
      const rounds: ReadonlyMap<Command, number>[] = [];
      for (let turn = 0; turn < plan.rounds; turn += 1) {
        rounds.push(await costsOfRound({ node, officer, count }, HOLD_AFTER[turn % HOLD_AFTER.length]));
      }
      return holdResultOf(rounds);
    } finally {
      await officer.close();
    }
  });
}
