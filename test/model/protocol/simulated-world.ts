import { fold } from '@acogida/core';
import { topicOf } from '@acogida/event-log';
import type { ProcedureDefinition, RecordedEvent } from '@acogida/event-store';
import type { Custody } from '@acogida/referral';
import { custodyProcedure, type Referral, referralProcedure } from '@acogida/referral';
import { type ProcedureHandler, referralDesk } from '@acogida/service-kit';
import { type CrashPoint, SimulatedClock, SimulatedIds, SimulatedNetwork, SimulatedRandomness } from '@acogida/testing';
import { MemoryMachine, MemoryNode } from '@acogida/testing/node';
import { referralsIn } from './known-referrals.ts';
import { AGENCIES, KEY_TRUST, sealingPairsOf, signerOf, TRUST, VERIFIER } from './simulated-agencies.ts';

/** When every simulation begins. */
const BEGINNING = '2026-11-22T09:00:00.000Z';

/** A referral that somebody asked for. */
export interface AskedReferral {
  readonly referralId: string;
  readonly caseId: string;
  readonly sender: string;
  readonly receiver: string;
  readonly service: string;
}

/** What stands around the commands of every node; without it they run as they are. */
export type Adapt = (handler: ProcedureHandler) => ProcedureHandler;

/** Several whole nodes, the log between them, and one clock. Nothing happens by itself. */
export class SimulatedWorld {
  readonly clock = new SimulatedClock(BEGINNING);
  readonly network = new SimulatedNetwork();
  readonly ids = new SimulatedIds(0xffff);
  /** By agency. */
  readonly nodes = new Map<string, MemoryNode>();
  readonly cases: readonly string[] = [this.ids.uuid(), this.ids.uuid()];
  readonly referrals: AskedReferral[] = [];
  /** When everybody had last heard everything. */
  allHeardAt = BEGINNING;
  /** What happened, for whoever reads a counterexample: agencies, steps and codes. */
  readonly story: string[] = [];
  /** Committed positions of each reader in each topic, by `reader<source`. */
  readonly #positions = new Map<string, number>();
  readonly #machines = new Map<string, MemoryMachine>();
  readonly #adapt: Adapt | undefined;
  /** By the events that they come from. */
  readonly #states = new WeakMap<readonly RecordedEvent[], object | null>();
  #lives = 0;

  /** Processes that ended and started again, so far. */
  get restarts(): number {
    return this.#lives - AGENCIES.length;
  }

  private constructor(adapt: Adapt | undefined) {
    this.#adapt = adapt;
  }

  static async create(adapt?: Adapt): Promise<SimulatedWorld> {
    const world = new SimulatedWorld(adapt);
    for (const agencyId of AGENCIES) {
      await world.network.log.ensureTopic(topicOf(agencyId));
      world.#machines.set(agencyId, new MemoryMachine());
      await world.#start(agencyId);
    }
    return world;
  }

  /** The case's agency of origin. */
  ownerOf(caseId: string): string {
    return AGENCIES[this.cases.indexOf(caseId) % AGENCIES.length] as string;
  }

  node(agencyId: string): MemoryNode {
    const node = this.nodes.get(agencyId);
    if (node === undefined) throw new RangeError('there is no such agency here');
    return node;
  }

  async referralAt(agencyId: string, referralId: string): Promise<Referral | null> {
    return this.#stateOf(agencyId, referralProcedure, referralId);
  }

  async custodyAt(agencyId: string, caseId: string): Promise<Custody | null> {
    return this.#stateOf(agencyId, custodyProcedure, caseId);
  }

  /** Pairs of reader and source with records that were not delivered yet. */
  waiting(): readonly { readonly reader: string; readonly source: string }[] {
    return AGENCIES.flatMap((reader) =>
      AGENCIES.filter((source) => source !== reader && this.positionOf(reader, source) < this.#endOf(source)).map(
        (source) => ({ reader, source }),
      ),
    );
  }

  positionOf(reader: string, source: string): number {
    return this.#positions.get(`${reader}<${source}`) ?? 0;
  }

  /** Delivers records from a position on; the reader's position then moves behind them, never back. */
  async deliver(reader: string, source: string, from: number, count: number): Promise<void> {
    const topic = topicOf(source);
    const page = this.network.page(topic, from, count);
    if (page.length === 0) return;
    await this.run(reader, (node) => node.receive(topic, page));
    const reached = Math.max(this.positionOf(reader, source), from + page.length);
    this.#positions.set(`${reader}<${source}`, reached);
  }

  /** Ends the process of a node the next time it comes to this place. */
  armCrash(agencyId: string, point: CrashPoint): void {
    this.node(agencyId).crashPoints.arm(point);
  }

  /** Lets a node do something. If its process ends meanwhile, it is started again, and what it did is not known. */
  async run<T>(agencyId: string, work: (node: MemoryNode) => Promise<T>): Promise<T> {
    const node = this.node(agencyId);
    const done = work(node);
    const hasEnded = Symbol('ended');
    const result = await Promise.race([done, node.crashPoints.crashed.then(() => hasEnded)]);
    if (result !== hasEnded) return result as T;
    this.story.push(`${agencyId} ended and starts again`);
    await this.#start(agencyId);
    throw new NodeEndedError();
  }

  /** As the handler of the node has it; found out once for each version of a stream, since everything is judged after every step. */
  async #stateOf<C, S extends object | null, E extends { readonly type: string; readonly data: object }>(
    agencyId: string,
    { name, decider }: ProcedureDefinition<C, S, E>,
    id: string,
  ): Promise<S> {
    const events = await this.node(agencyId).readStream(`${name}-${id}`);
    const known = this.#states.get(events);
    if (known !== undefined) return known as S;
    const state = fold(
      decider,
      events.map(({ type, data }) => ({ type, data }) as unknown as E),
    );
    this.#states.set(events, state);
    return state;
  }

  async #start(agencyId: string): Promise<void> {
    this.#lives += 1;
    // Nobody asks for a case here, and what would is looked for in tables.
    const desk = referralDesk({ reroutesUnanswered: false, pointless: async () => [] });
    const signer = signerOf(agencyId);
    const ids = new SimulatedIds(this.#lives);
    const machine = this.#machines.get(agencyId) as MemoryMachine;
    const node = await MemoryNode.start({
      ...{ agencyId, machine, log: this.network.log, clock: this.clock, ids, signer },
      ...{ trust: TRUST, verifier: VERIFIER, keyTrust: KEY_TRUST, sealingPairs: sealingPairsOf(agencyId) },
      randomness: new SimulatedRandomness(`life ${this.#lives}`),
      referralsOf: referralsIn(machine.database),
      definition: { procedures: desk.procedures, policies: desk.policies, deadlines: desk.deadlines },
      randomSalt: () => ids.uuid().replaceAll('-', ''),
      ...(this.#adapt === undefined ? {} : { adapt: this.#adapt }),
      onAlarm: ({ kind, source, number, reason }) =>
        this.story.push(`${agencyId}: ${kind} ${source}/${number} ${reason}`),
    });
    this.nodes.set(agencyId, node);
  }

  #endOf(source: string): number {
    return this.network.endOf(topicOf(source));
  }
}

/** The process of the node ended before it was done; it has started again. */
export class NodeEndedError extends Error {
  override readonly name = 'NodeEndedError';
}
