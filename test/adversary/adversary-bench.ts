import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ContractEvent } from '@acogida/contracts';
import type { JsonObject } from '@acogida/core';
import { type LogRecord, MemoryEventLog, MemoryLogStore, parseHeadRecord, topicOf } from '@acogida/event-log';
import type { ProcedureDefinition } from '@acogida/event-store';
import { type NodeDefinition, type OwnCases, referralDesk, type ServiceKind } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { dumpOf } from './table-dump.ts';

export const INTAKE = 'cr-border-intake';
export const REFUGEE_UNIT = 'cr-refugee-unit';
export const VICTIM = 'cr-conatt';

const SENDER = { roles: ['caseworker'] } as const;

interface LieTold {
  readonly type: 'LieTold';
  readonly data: { readonly told: JsonObject };
}

/** Publishes whatever it is told to: an agency that lies, in due form. */
const lie: ProcedureDefinition<object, null, LieTold> = {
  name: 'lie',
  decider: {
    initialState: null,
    decide: (told) => [{ type: 'LieTold', data: { told: told as JsonObject } }],
    evolve: (state) => state,
  },
  versions: { LieTold: 1 },
  upcasters: [],
  publish: ({ data }) => data.told as unknown as ContractEvent,
  caseOf: () => null,
};

/** These agencies have no procedure but referrals, and lie about those. */
const everyCaseOpenedHere: OwnCases = () => Promise.resolve({ position: '0', recordedAt: '', isOwnAct: true });

function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = referralDesk();
  const procedures = [...desk.procedures, lie];
  const parts = { providers: [], contractProjections: [], ...desk, procedures };
  return { kind, description: 'A referral desk.', ownCases: everyCaseOpenedHere, ...parts };
}

/** What a node keeps of a record that it refused. */
export interface Kept {
  readonly source: string;
  readonly kind: string;
  readonly reason: string;
  readonly detail: string | null;
}

/** An agency whose real node publishes to a log of its own. */
interface Speaker {
  readonly node: TestNode;
  readonly said: MemoryLogStore;
}

/**
 * A node that listens to a log to which anybody can write, and two agencies whose nodes publish to logs of their own: what
 * they say comes to the victim through the hands of the adversary.
 */
export class AdversaryBench {
  readonly network: TestNetwork;
  readonly victim: TestNode;
  readonly #speakers: ReadonlyMap<string, Speaker>;
  readonly #heard: MemoryLogStore;
  readonly #courier: MemoryEventLog;
  readonly #taken = new Map<string, number>();
  #keptThrough = '0';

  private constructor(
    network: TestNetwork,
    victim: TestNode,
    speakers: ReadonlyMap<string, Speaker>,
    heard: MemoryLogStore,
  ) {
    this.network = network;
    this.victim = victim;
    this.#speakers = speakers;
    this.#heard = heard;
    this.#courier = new MemoryEventLog(heard);
  }

  static async start(): Promise<AdversaryBench> {
    const network = await createTestNetwork();
    const speakers = new Map<string, Speaker>();
    for (const [agencyId, kind] of [[INTAKE, 'intake'] as const, [REFUGEE_UNIT, 'asylum'] as const]) {
      const said = new MemoryLogStore();
      const node = await startTestNode(deskNode(kind), { network, agencyId, log: new MemoryEventLog(said) });
      speakers.set(agencyId, { node, said });
    }
    const heard = new MemoryLogStore();
    const courier = new MemoryEventLog(heard);
    for (const agencyId of speakers.keys()) await courier.ensureTopic(topicOf(agencyId));
    const victim = await startTestNode(deskNode('counter-trafficking'), { network, log: new MemoryEventLog(heard) });
    return new AdversaryBench(network, victim, speakers, heard);
  }

  async stop(): Promise<void> {
    await this.victim.stop();
    for (const { node } of this.#speakers.values()) await node.stop();
  }

  /** The agency refers somebody to the victim: ids, and the records of it, which nobody was given yet. */
  async refer(
    agencyId = INTAKE,
    {
      caseId = randomUUID(),
      ...change
    }: { readonly caseId?: string; readonly service?: string; readonly transfer?: boolean } = {},
  ): Promise<{ id: string; caseId: string; records: LogRecord[] }> {
    const reply = await this.#speaker(agencyId).node.post('/v1/referrals', { ...REQUEST, caseId, ...change }, SENDER);
    const { id, code } = reply.body as { readonly id: string; readonly code?: string };
    expect([reply.status, code]).toEqual([201, undefined]);
    return { id, caseId, records: await this.#said(agencyId) };
  }

  /** The agency publishes this in due form, signed with its own key: nobody but the receiver's rules can object. */
  async lies(agencyId: string, contract: object): Promise<LogRecord[]> {
    const { handler } = this.#speaker(agencyId).node.node.runtime.context;
    const command = { schemaVersion: 1, class: 'referral', ...contract };
    const identity = { id: randomUUID(), actor: 'adversary', correlationId: randomUUID(), causation: null };
    await handler.execute({ procedure: lie, command, ...identity });
    return this.#said(agencyId);
  }

  /** Writes to a topic of the victim's log, as anybody who reaches the broker can. */
  async deliver(agencyId: string, records: readonly LogRecord[]): Promise<void> {
    await this.#courier.publish(topicOf(agencyId), records);
  }

  /** Resolves once the victim is done with all that was delivered. */
  async consumed(): Promise<void> {
    await eventually(() => {
      for (const agencyId of this.#speakers.keys()) {
        const position = this.#heard.positions.get(JSON.stringify([`acogida.${VICTIM}`, topicOf(agencyId)])) ?? 0n;
        expect(position).toBe(BigInt(this.#heard.topics.get(topicOf(agencyId))?.length ?? 0));
      }
    });
  }

  /** What the victim kept since this was last asked: its audit of refusals. */
  async newlyKept(): Promise<Kept[]> {
    const { rows } = await this.victim.pool.query<Kept & { id: string }>(
      'SELECT id::text, source, kind, reason, detail FROM inbox.kept WHERE id > $1 ORDER BY kept.id',
      [this.#keptThrough],
    );
    this.#keptThrough = rows.at(-1)?.id ?? this.#keptThrough;
    return rows.map(({ source, kind, reason, detail }) => ({ source, kind, reason, detail }));
  }

  /** How the victim stands to an agency. */
  async standing(agencyId: string): Promise<{ status: string; reason: string | null; lastNumber: number } | undefined> {
    const { rows } = await this.victim.pool.query<{ status: string; reason: string | null; lastNumber: number }>(
      'SELECT status, reason, last_number AS "lastNumber" FROM inbox.source_cursor WHERE source = $1',
      [agencyId],
    );
    return rows[0];
  }

  /** Every row of the victim that an event could have changed. */
  dump(): Promise<ReadonlyMap<string, readonly string[]>> {
    return dumpOf(this.victim.pool);
  }

  /** Resolves once the victim has the referral, in this state. */
  async isShown(id: string, state = 'REQUESTED'): Promise<void> {
    await eventually(async () => {
      const reply = await this.victim.get(`/v1/referrals/${id}`, { roles: ['referral-officer'] });
      expect(reply.body).toMatchObject({ id, state });
    });
  }

  /** The victim asks the intake agency to take a case back, custody with it. */
  async asksBack(caseId: string): Promise<{ readonly id: string }> {
    const asked = { ...REQUEST, caseId, receiver: INTAKE, transfer: true };
    const reply = await this.victim.post('/v1/referrals', asked, SENDER);
    const { id, code } = reply.body as { readonly id: string; readonly code?: string };
    expect([reply.status, code]).toEqual([201, undefined]);
    return { id };
  }

  /** A step of the victim itself. */
  async answers(id: string, ...steps: readonly string[]): Promise<void> {
    for (const step of steps) {
      const { status } = await this.victim.post(`/v1/referrals/${id}/${step}`, {}, { roles: ['referral-officer'] });
      expect([step, status]).toEqual([step, 200]);
    }
  }

  #speaker(agencyId: string): Speaker {
    const speaker = this.#speakers.get(agencyId);
    if (speaker === undefined) throw new RangeError(`${agencyId} does not speak here`);
    return speaker;
  }

  /** Events that the agency published since this was last asked, at least one. */
  async #said(agencyId: string): Promise<LogRecord[]> {
    const { said } = this.#speaker(agencyId);
    return eventually(() => {
      const events = (said.topics.get(topicOf(agencyId)) ?? []).filter((record) => parseHeadRecord(record) === null);
      const fresh = events.slice(this.#taken.get(agencyId) ?? 0);
      expect(fresh.length).toBeGreaterThan(0);
      this.#taken.set(agencyId, events.length);
      return fresh.map(({ value, headers }) => ({ value, headers }));
    });
  }
}

const REQUEST = {
  ...{ receiver: VICTIM, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' },
  consent: {
    basis: 'CONSENT',
    form: 'WRITTEN',
    givenBy: 'SELF',
    language: 'hat',
    grantedOn: new Date().toISOString().slice(0, 10),
  },
  facts: {
    ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
    ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
  },
};
