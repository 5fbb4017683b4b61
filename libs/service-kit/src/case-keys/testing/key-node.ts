import type { ContractPayload } from '@acogida/contracts';
import { type Clock, type Ids, type Instant, type JsonObject, fold } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import {
  type CaseKeySet,
  CaseSealing,
  KeyRing,
  type KeyRows,
  KeyStore,
  MemoryKms,
  makeCaseKeySet,
  makeX25519Pair,
  type NamedPair,
  secretOf,
  type SealReading,
  systemRandomness,
} from '@acogida/sealing';
import type { NodeContext } from '../../node-definition.ts';
import type { ExecuteOptions, ProcedureHandler } from '../../procedure-handler.ts';
import { CaseCircles } from '../case-circles.ts';
import { handOverOf, namesOfSet } from '../hand-over.ts';
import type { CaseKeysState } from '../case-keys.ts';
import type { Auditor, CaseKeysEvent } from '../case-keys-events.ts';
import { type KeyTurn, keyTurn } from '../key-turn.ts';
import { OfferKeyCare } from '../offer-key-care.ts';
import { caseKeysDecider, caseKeysProcedure } from '../procedures.ts';
import type { AddressedContract } from '../publish.ts';
import { AT } from './case-keys-examples.ts';

type AnyEvent = { readonly type: string; readonly data: object };
type AnyOptions = Pick<ExecuteOptions<never, never, AnyEvent>, 'procedure' | 'id' | 'command'>;

/** An event on the log of a spec; `data` is sealed, or in clear where `keyId` is null. */
export interface LoggedEvent {
  readonly id: string;
  readonly source: string;
  readonly class: AddressedContract['class'];
  readonly subject: string;
  readonly keyId: string | null;
  readonly data: string;
}

/** Storage of a node whose transactions roll back in the database, and whose streams are in memory. */
export class KeyNode {
  readonly agency: string;
  readonly rows: KeyRows;
  readonly ring: KeyRing;
  readonly store: KeyStore;
  readonly sealing: CaseSealing;
  readonly sealingPair: NamedPair;
  readonly circles: CaseCircles;
  readonly offerKeys: OfferKeyCare;
  readonly context: NodeContext;
  readonly log: LoggedEvent[] = [];
  /** Domain events by stream. */
  readonly streams = new Map<string, AnyEvent[]>();
  now: Instant = AT;
  incarnation = 1;
  #ids = 0;

  private constructor(agency: string, rows: KeyRows, ring: KeyRing, store: KeyStore, sealingPair: NamedPair) {
    this.agency = agency;
    this.rows = rows;
    this.ring = ring;
    this.store = store;
    this.sealingPair = sealingPair;
    this.sealing = new CaseSealing({ agency, ring, randomness: systemRandomness });
    const handler = {
      load: async (procedure: AnyOptions['procedure'], id: string) => this.#load(procedure, id),
      executeWithin: async (_: Transaction, options: AnyOptions) => this.#execute(options),
    } as unknown as ProcedureHandler;
    const clock: Clock = { now: () => this.now };
    this.context = { agencyId: agency, jurisdiction: 'CR', handler, clock, members: () => [] };
    const parts = { agencyId: agency, randomness: systemRandomness, store, ring };
    this.circles = new CaseCircles({ ...parts, ids: this.ids, incarnation: () => this.incarnation });
    this.offerKeys = new OfferKeyCare(parts);
  }

  /** A node on empty rows. */
  static async open(agency: string, rows: KeyRows): Promise<KeyNode> {
    const ring = new KeyRing({ network: 'ab'.repeat(32), agency });
    const clock: Clock = { now: () => AT };
    const store = await KeyStore.open({
      agency,
      ring,
      rows,
      kms: new MemoryKms(),
      clock,
      randomness: systemRandomness,
    });
    const pair = { ...makeX25519Pair(systemRandomness), keyId: `${agency}-sealing-1` };
    ring.useSealingPairs([pair]);
    await rows.inTransaction((transaction) =>
      store.insert(transaction, [
        { kind: 'agency', use: 'sealing', keyId: pair.keyId, validFrom: AT, secret: secretOf(pair) },
      ]),
    );
    return new KeyNode(agency, rows, ring, store, pair);
  }

  readonly ids: Ids = {
    uuid: () => {
      this.#ids += 1;
      return `00000000-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
    },
  };

  /** Runs one turn in a transaction. */
  async turn<R>(work: (turn: KeyTurn) => Promise<R>): Promise<R> {
    const metadata = { actor: `${this.agency}.spec`, correlationId: this.ids.uuid(), causation: null };
    return this.rows.inTransaction((transaction) => work(keyTurn(this.context, transaction, this.now, metadata)));
  }

  /** Makes the first epoch of a case, and keeps it. */
  async openCase(caseId: string, auditors: readonly Auditor[] = []): Promise<CaseKeySet> {
    const set = makeCaseKeySet(caseId, 1, systemRandomness);
    await this.turn(async ({ transaction, now, run }) => {
      await this.store.insertSet(transaction, set, now);
      const names = { names: namesOfSet(set), incarnation: this.incarnation };
      const command = { type: 'OpenCase' as const, caseId, by: this.agency, ...names, auditors, unready: [], now };
      await run({ procedure: caseKeysProcedure(handOverOf([])), id: caseId, command });
    });
    await this.learn(caseId);
    return set;
  }

  /** The keys of a case, as its stream has them. */
  keysOf(caseId: string): CaseKeysState {
    return fold(caseKeysDecider, (this.streams.get(`case-keys-${caseId}`) ?? []) as readonly CaseKeysEvent[]);
  }

  /** Lets the ring learn what is committed of a case. */
  async learn(caseId: string): Promise<void> {
    await this.rows.inTransaction((transaction) => this.store.load(transaction, { cases: [caseId] }));
  }

  /** Reads an event after loading the keys that it wants. */
  async read(event: LoggedEvent): Promise<SealReading> {
    const header = { ...event, keyId: event.keyId ?? '' };
    const keyIds = this.sealing.unknownKeys([header]);
    await this.rows.inTransaction((transaction) => this.store.load(transaction, { keyIds }));
    const first = this.sealing.read(header, event.data);
    if (first.kind !== 'wanting') return first;
    await this.rows.inTransaction((transaction) => this.store.load(transaction, first.wanted));
    return this.sealing.read(header, event.data);
  }

  /** Opens an event that is to this node, as its inbox gives it to policies. */
  async receive(event: LoggedEvent): Promise<ReceivedEvent> {
    const reading: SealReading =
      event.keyId === null
        ? { kind: 'opened', text: event.data, lane: null, via: { under: 'development' } }
        : await this.read(event);
    if (reading.kind !== 'opened') throw new RangeError('the event does not open');
    const payload = JSON.parse(reading.text) as Pick<ContractPayload, 'type' | 'schemaVersion' | 'caseId' | 'data'>;
    return {
      ...{ id: event.id, source: event.source, class: event.class, subject: event.subject, number: 1, time: AT },
      clockAhead: false,
      payload: {
        ...{ ...payload, occurredAt: AT, recordedAt: AT, version: 1, stream: 'spec', publishedHead: '' },
        ...{ privateHead: '', clock: '1795338000000-000000', correlationId: 'spec', causation: null },
      },
    };
  }

  /** Seals a text for the circle, as an append does. */
  publishCase(caseId: string, audience: 'coded' | 'care' | 'restricted'): LoggedEvent {
    const id = this.ids.uuid();
    const event = { id, source: this.agency, class: 'case' as const, caseId, audience, text: '{}' };
    const { subject, keyId, data } = this.sealing.seal(event);
    return { id, source: this.agency, class: 'case', subject, keyId, data };
  }

  #load(procedure: AnyOptions['procedure'], id: string) {
    const events = this.streams.get(`${procedure.name}-${id}`) ?? [];
    return { version: events.length, state: fold(procedure.decider, events) };
  }

  #execute({ procedure, id, command }: AnyOptions) {
    const { state: before } = this.#load(procedure, id);
    const events = procedure.decider.decide(command, before);
    const stream = `${procedure.name}-${id}`;
    this.streams.set(stream, [...(this.streams.get(stream) ?? []), ...events]);
    const { version, state } = this.#load(procedure, id);
    for (const event of events) {
      const published = procedure.publish(event, state);
      if (published !== null) this.log.push(this.#sealed(published as AddressedContract));
    }
    return { version, state, events };
  }

  #sealed({ audience, class: clearClass, type, schemaVersion, caseId, data }: AddressedContract): LoggedEvent {
    const id = this.ids.uuid();
    const text = JSON.stringify({ type, schemaVersion, caseId, data } satisfies JsonObject);
    const frame = { id, source: this.agency, class: clearClass };
    if (audience === null) return { ...frame, subject: this.agency, keyId: null, data: text };
    const { subject, keyId, data: sealed } = this.sealing.seal({ ...frame, caseId, audience, text });
    return { ...frame, subject, keyId, data: sealed };
  }
}

/** Lets nodes seal to each other, with the offer keys that they have. */
export function introduceNodes(...nodes: readonly KeyNode[]): void {
  for (const one of nodes) {
    for (const other of nodes) {
      const [offer = null] = other.ring.offerPairs();
      one.ring.usePeer(other.agency, { sealing: [other.sealingPair], offer });
    }
  }
}
