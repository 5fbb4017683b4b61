import { DomainError, fold } from '@acogida/core';
import {
  type AppendRequest,
  type AppendResult,
  type EventStore,
  type ProcedureDefinition,
  type RecordedEvent,
  type Transaction,
  IdempotencyConflictError,
  StreamConflictError,
  StreamMovedError,
} from '@acogida/event-store';
import { decideOn } from './decide-on.ts';
import type { ExecuteOptions, ExecuteResult, ProcedureHandler } from './procedure-handler.ts';

/** How often a command is decided on fresh state when others keep moving the stream. */
const MAX_ATTEMPTS = 5;

interface AnyEvent {
  readonly type: string;
  readonly data: object;
}

interface Loaded<S> {
  readonly version: number;
  readonly state: S;
}

/** Says whether a stream takes commands now; throws a DomainError when it does not (`RecoveryGate` of @acogida/event-log). */
export interface CommandGate {
  assertAccepts(stream: string): void;
}

/** What running commands needs of the event store. */
export type CommandStore = Pick<
  EventStore,
  'append' | 'appendTogether' | 'appendTogetherWithin' | 'readStream' | 'findReply'
>;

/** Sees to it that whoever may read a case along can, before anything of it is appended (`CircleOpening`). */
export interface AppendPreparation {
  /** Requests that are appended with this one, before it. */
  before(request: AppendRequest, transaction?: Transaction): Promise<readonly AppendRequest[]>;
  /** Whether an append failed because what `before` relied on has moved: asked again, it goes by what is there now. */
  hasMoved(error: unknown, request: AppendRequest): boolean;
}

/** Runs commands of any procedure on the node's event store, where the gate lets them. */
export function createProcedureHandler(
  store: CommandStore,
  gate?: CommandGate,
  preparation?: AppendPreparation,
): ProcedureHandler {
  return new ProcedureRunner(store, gate, preparation);
}

class ProcedureRunner implements ProcedureHandler {
  readonly #store: CommandStore;
  readonly #gate: CommandGate | undefined;
  readonly #preparation: AppendPreparation | undefined;

  constructor(store: CommandStore, gate: CommandGate | undefined, preparation: AppendPreparation | undefined) {
    this.#store = store;
    this.#gate = gate;
    this.#preparation = preparation;
  }

  async execute<C, S, E extends AnyEvent>(options: ExecuteOptions<C, S, E>): Promise<ExecuteResult<S>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#gate?.assertAccepts(`${options.procedure.name}-${options.id}`);
        return await this.#attempt(options, options.fresh === true && attempt === 1);
      } catch (error) {
        // What moved beside the stream is nobody's If-Match.
        const hasMoved = error instanceof StreamConflictError && options.expectedVersion === undefined;
        const retry = hasMoved || error instanceof StreamMovedError;
        if (retry && attempt < MAX_ATTEMPTS) continue;
        throw await this.#replayOr(error, options.idempotency?.key);
      }
    }
  }

  async executeWithin<C, S, E extends AnyEvent>(
    transaction: Transaction,
    options: Omit<ExecuteOptions<C, S, E>, 'expectedVersion'>,
  ): Promise<ExecuteResult<S>> {
    this.#gate?.assertAccepts(`${options.procedure.name}-${options.id}`);
    const loaded = await this.load(options.procedure, options.id, transaction);
    const decision = decideOn(options, loaded);
    if (decision.request.events.length === 0 && options.idempotency === undefined) return { ...loaded, events: [] };
    try {
      const request = { ...decision.request, ...keptReply(options.idempotency, decision.state) };
      const before = await this.#before(request, transaction);
      const results = await this.#store.appendTogetherWithin(transaction, [...before, request]);
      const { version, events } = results.at(-1) as AppendResult;
      return { version, state: decision.state, events };
    } catch (error) {
      if (error instanceof StreamConflictError) throw new StreamMovedError(error.stream, error);
      throw error;
    }
  }

  async load<C, S, E extends AnyEvent>(
    procedure: ProcedureDefinition<C, S, E>,
    id: string,
    transaction?: Transaction,
  ): Promise<Loaded<S>> {
    const events = await this.#store.readStream(`${procedure.name}-${id}`, transaction);
    return { version: events.length, state: fold(procedure.decider, events.map(domainEventOf<E>)) };
  }

  async #attempt<C, S, E extends AnyEvent>(
    options: ExecuteOptions<C, S, E>,
    fresh: boolean,
  ): Promise<ExecuteResult<S>> {
    const { procedure, id, expectedVersion, idempotency } = options;
    const loaded = fresh ? { version: 0, state: procedure.decider.initialState } : await this.load(procedure, id);
    if (expectedVersion !== undefined && expectedVersion !== loaded.version) {
      throw new StreamConflictError(`${procedure.name}-${id}`, expectedVersion, loaded.version);
    }
    const { request, state } = decideOn(options, loaded);
    // Nothing happened and nothing is to be kept. With an idempotency key the reply is kept all the same: the retry of a
    // command that changed nothing must not be decided anew on a later state.
    if (request.events.length === 0 && idempotency === undefined) return { ...loaded, events: [] };
    const { version, events } = await this.#append({
      ...request,
      // the case was drawn with the id of the procedure: nobody can have heard of it before
      ...(fresh && request.caseId === id && { opensCase: true }),
      ...keptReply(idempotency, state),
    });
    return { version, state, events };
  }

  async #append(request: AppendRequest): Promise<AppendResult> {
    const before = await this.#before(request);
    try {
      if (before.length === 0) return await this.#store.append(request);
      const results = await this.#store.appendTogether([...before, request]);
      return results.at(-1) as AppendResult;
    } catch (error) {
      throw this.#preparation?.hasMoved(error, request) === true ? new StreamMovedError(request.stream, error) : error;
    }
  }

  async #before(request: AppendRequest, transaction?: Transaction): Promise<readonly AppendRequest[]> {
    const requests = (await this.#preparation?.before(request, transaction)) ?? [];
    for (const { stream } of requests) this.#gate?.assertAccepts(stream);
    return requests;
  }

  /**
   * The same request may have come before and changed the state that this one was refused on: then its reply is the answer,
   * not the refusal.
   */
  async #replayOr(error: unknown, key: string | undefined): Promise<unknown> {
    if (key === undefined || !(error instanceof DomainError || error instanceof StreamConflictError)) return error;
    const kept = await this.#store.findReply(key);
    return kept === undefined ? error : new IdempotencyConflictError(kept.fingerprint, kept.reply);
  }
}

/** What the store keeps under the client's key. */
function keptReply<C, S, E extends AnyEvent>(
  idempotency: ExecuteOptions<C, S, E>['idempotency'],
  state: S,
): Pick<AppendRequest, 'idempotency'> {
  if (idempotency === undefined) return {};
  const { key, fingerprint, reply } = idempotency;
  return { idempotency: { key, fingerprint, reply: (result) => reply({ ...result, state }) } };
}

/** The event as the decider knows it. */
function domainEventOf<E extends AnyEvent>(event: RecordedEvent): E {
  return { type: event.type, data: event.data } as unknown as E;
}
