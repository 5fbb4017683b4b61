import type { Causation, ContractClass, ContractPayload } from '@acogida/contracts';
import { canonicalText, GENESIS_HEAD, publishedHeadAfter } from '@acogida/event-store';
import {
  CompactRange,
  encodePath,
  encodeStatement,
  type HeadStatement,
  leafHash,
  merkleBatch,
  signHead,
  signStatement,
} from '@acogida/ledger';
import { DevelopmentSealer } from '@acogida/sealing';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { PATH_HEADER, STATEMENT_HEADER, writeEnvelope } from '../envelope.ts';
import { writeHeadRecord } from '../head-record.ts';
import type { TrustedKey } from '../inbox-port.ts';
import type { LogRecord } from '../port.ts';

/** What a simulated agency is to publish; everything has a default. */
export interface SimulatedEvent {
  readonly type?: string;
  readonly class?: ContractClass;
  readonly schemaVersion?: number;
  readonly caseId?: string;
  readonly stream?: string;
  /** Published version, when it is not to be the next one. */
  readonly version?: number;
  readonly causation?: Causation | null;
  readonly clock?: string;
  /** The payload's text as another writer might have spelled it. */
  readonly respell?: (text: string) => string;
  /** Sealed under another secret: the reader has no key. */
  readonly foreignKey?: boolean;
  /** Under a pseudonym of its own, as a word to one agency alone. */
  readonly ownSubject?: boolean;
  /** Sealed, then changed. */
  readonly brokenSeal?: boolean;
}

/** One published event: what a reader gets, and its id. */
export interface SimulatedRecord extends LogRecord {
  readonly id: string;
  readonly number: number;
}

/** The secret that all simulated agencies and their readers share. */
export const SIMULATED_SECRET = Buffer.alloc(32, 7);

/** The secret of what they seal for others. */
export const FOREIGN_SECRET = Buffer.alloc(32, 9);

/** Stands in for the node of another agency: numbers, seals, signs, in memory. */
export class SimulatedAgency {
  readonly agencyId: string;
  /** The key that it signs with now. */
  trusted: TrustedKey;
  #keys = generateKeyPairSync('ed25519');
  readonly #sealer = new DevelopmentSealer(SIMULATED_SECRET);
  readonly #foreignSealer = new DevelopmentSealer(FOREIGN_SECRET);
  readonly #heads = new Map<string, { version: number; head: string }>();
  /** Which life of its store the agency is in; specs raise it. */
  incarnation = 1;
  #frontier = CompactRange.EMPTY;
  #headSequence = 0;
  readonly #leaves: string[] = [];

  constructor(agencyId: string) {
    this.agencyId = agencyId;
    this.trusted = { keyId: `${agencyId}-1`, publicKey: this.#keys.publicKey, fromNumber: 1 };
  }

  /** The next events, under one signed statement. */
  publish<E extends readonly SimulatedEvent[]>(...events: E): { -readonly [K in keyof E]: SimulatedRecord } {
    const first = this.#frontier.size + 1;
    const written = events.map((event, index) => this.#write(event, first + index));
    const leaves = written.map(({ value }) => leafHash(value));
    this.#frontier = this.#frontier.append(leaves);
    this.#leaves.push(...leaves);
    return this.#sign(written, first, this.#frontier) as { -readonly [K in keyof E]: SimulatedRecord };
  }

  /** From the next number on it signs with another key; the name of the one before stays with that. */
  changeKeys(): TrustedKey {
    this.#keys = generateKeyPairSync('ed25519');
    const fromNumber = this.#frontier.size + 1;
    this.trusted = { keyId: `${this.agencyId}-${fromNumber}`, publicKey: this.#keys.publicKey, fromNumber };
    return this.trusted;
  }

  /** Another process that says it is this agency, with a key of its own. */
  twin(): SimulatedAgency {
    return new SimulatedAgency(this.agencyId);
  }

  /** The same agency on a store that knows of the events with these leaf hashes only. */
  restored(leaves: readonly string[]): SimulatedAgency {
    const restored = new SimulatedAgency(this.agencyId);
    restored.#keys = this.#keys;
    restored.#frontier = CompactRange.EMPTY.append(leaves);
    return restored;
  }

  /** Root of the tree over the first events. */
  rootAt(size: number): string {
    return CompactRange.EMPTY.append(this.#leaves.slice(0, size)).root();
  }

  /** A signed head of the log as it is now; `changes` make it say something else. */
  head(changes: Partial<HeadStatement> = {}): LogRecord {
    this.#headSequence += 1;
    const { agencyId: agency, incarnation, trusted } = this;
    const { size } = this.#frontier;
    return writeHeadRecord(
      signHead(this.#keys.privateKey, {
        ...{ agency, incarnation, number: size, treeSize: size, treeHead: this.#frontier.root(), keyId: trusted.keyId },
        signedAt: '2026-11-22T09:00:00.000Z',
        sequence: this.#headSequence,
        ...changes,
      }),
    );
  }

  /** Another event under a number that is already given, properly signed: a lie. */
  contradict(number: number): SimulatedRecord {
    const [record] = this.#sign([this.#write({}, number)], number, this.#frontier);
    return record as SimulatedRecord;
  }

  /** Signs the next events on top of a tree that is not the one published before: another history. */
  publishOnAnotherTree(...events: readonly SimulatedEvent[]): SimulatedRecord[] {
    const first = this.#frontier.size + 1;
    const written = events.map((event, index) => this.#write(event, first + index));
    const otherPast = CompactRange.EMPTY.append(written.map(() => leafHash('another past')));
    return this.#sign(written, first, otherPast);
  }

  #write(event: SimulatedEvent, number: number): { id: string; number: number; value: string } {
    const id = randomUUID();
    const caseId = event.caseId ?? '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
    const clearClass = event.class ?? 'case';
    const canonical = canonicalText(this.#payload(event, caseId));
    const text = event.respell?.(canonical) ?? canonical;
    const sealer = event.foreignKey === true ? this.#foreignSealer : this.#sealer;
    const { subject, keyId, data } = sealer.seal({
      ...{ id, source: this.agencyId, class: clearClass, text },
      caseId: event.ownSubject === true ? id : caseId,
    });
    const time = '2026-11-22T09:00:00.000Z';
    const broken = data.startsWith('A') ? `B${data.slice(1)}` : `A${data.slice(1)}`;
    const sealed = event.brokenSeal === true ? broken : data;
    const envelope = { id, source: this.agencyId, class: clearClass, subject, time, number, keyId, data: sealed };
    return { id, number, value: writeEnvelope(envelope) };
  }

  #payload(event: SimulatedEvent, caseId: string): ContractPayload {
    const stream = event.stream ?? `case-intake-${caseId}`;
    const last = this.#heads.get(stream) ?? { version: 0, head: GENESIS_HEAD };
    const chained: Omit<ContractPayload, 'publishedHead'> = {
      type: event.type ?? 'CaseOpened',
      schemaVersion: event.schemaVersion ?? 1,
      caseId,
      data: {},
      occurredAt: '2026-11-22T09:00:00.000Z',
      recordedAt: '2026-11-22T09:00:00.000Z',
      stream,
      version: event.version ?? last.version + 1,
      privateHead: GENESIS_HEAD,
      correlationId: 'correlation',
      causation: event.causation ?? null,
      clock: event.clock ?? '1795338000000-000000',
    };
    const publishedHead = publishedHeadAfter(last.head, chained);
    this.#heads.set(stream, { version: chained.version, head: publishedHead });
    return { ...chained, publishedHead };
  }

  #sign(
    written: readonly { id: string; number: number; value: string }[],
    first: number,
    tree: CompactRange,
  ): SimulatedRecord[] {
    const { root, paths } = merkleBatch(written.map(({ value }) => leafHash(value)));
    const statement = encodeStatement(
      signStatement(this.#keys.privateKey, {
        agency: this.agencyId,
        incarnation: this.incarnation,
        first,
        last: first + written.length - 1,
        batchRoot: root,
        treeSize: tree.size,
        treeHead: tree.root(),
        keyId: this.trusted.keyId,
      }),
    );
    return written.map((record, index) => ({
      ...record,
      headers: { [STATEMENT_HEADER]: statement, [PATH_HEADER]: encodePath(paths[index] ?? []) },
    }));
  }
}
