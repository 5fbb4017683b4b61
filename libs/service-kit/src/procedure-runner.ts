import { DomainError, fold } from '@acogida/core';
import {
  type AnyProcedure,
  type AppendRequest,
  type AppendResult,
  type EventStore,
  type ProcedureDefinition,
  type RecordedEvent,
  type StreamGuard,
  type Transaction,
  IdempotencyConflictError,
  StreamConflictError,
  StreamMovedError,
} from '@acogida/event-store';
import { decideAllOn, decideOn } from './decide-on.ts';
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
        this.#assertAccepts(options, [options.command]);
        return await this.#attempt(options, options.fresh === true && attempt === 1);
      } catch (error) {
        // What moved beside the stream is nobody's If-Match.
        const isBeside = error instanceof StreamConflictError && error.stream !== streamOf(options);
        const hasMoved = error instanceof StreamConflictError && (options.expectedVersion === undefined || isBeside);
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
    this.#assertAccepts(options, [options.command]);
    const loaded = await this.load(options.procedure, options.id, transaction);
    const { request, state } = decideOn(options, loaded);
    try {
      const requests = await this.#withBeside(
        options,
        { ...request, ...keptReply(options.idempotency, state) },
        state,
        transaction,
      );
      if (requests.length === 0) return { ...loaded, events: [] };
      const before = await this.#before(requests, transaction);
      const results = await this.#store.appendTogetherWithin(transaction, [...before, ...requests]);
      return resultOf(loaded, request, state, results);
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
      throw new StreamConflictError(streamOf(options), expectedVersion, loaded.version);
    }
    const { request, state } = decideOn(options, loaded);
    const own: AppendRequest = {
      ...request,
      // the case was drawn with the id of the procedure: nobody can have heard of it before
      ...(fresh && request.caseId === id && { opensCase: true }),
      ...keptReply(idempotency, state),
    };
    const requests = await this.#withBeside(options, own, state);
    if (requests.length === 0) return { ...loaded, events: [] };
    return resultOf(loaded, own, state, await this.#append(requests));
  }

  /**
   * What is to be appended: that of other streams first, so that nobody hears of the command before what goes with it. Nothing where
   * nothing happened and nothing is to be kept. With an idempotency key the reply is kept all the same: the retry of a command
   * that changed nothing must not be decided anew on a later state.
   */
  async #withBeside<C, S, E extends AnyEvent>(
    options: Omit<ExecuteOptions<C, S, E>, 'expectedVersion'>,
    own: AppendRequest,
    state: S,
    transaction?: Transaction,
  ): Promise<readonly AppendRequest[]> {
    const decided = { events: own.events as unknown as readonly E[], state };
    const requests: AppendRequest[] = [];
    const guards: StreamGuard[] = [];
    for (const { procedure, id, commands } of (await options.beside?.(decided, transaction)) ?? []) {
      const { actor, correlationId, causation } = options;
      const other = { procedure, id, actor, correlationId, causation };
      const loaded = await this.load(procedure, id, transaction);
      const due = await commands(loaded.state);
      this.#assertAccepts(other, due);
      const { request } = decideAllOn(other, due, loaded);
      if (request.events.length > 0) requests.push(request);
      else if (loaded.version > 0) guards.push({ stream: request.stream, version: loaded.version });
    }
    if (own.events.length > 0 && guards.length > 0) return [...requests, { ...own, guards }];
    return own.events.length > 0 || own.idempotency !== undefined ? [...requests, own] : requests;
  }

  /** What a procedure takes on a stream that lost work goes on; also where nothing is decided, that says so of the stream. */
  #assertAccepts(
    { procedure, id }: { readonly procedure: Pick<AnyProcedure, 'name' | 'takesUnattested'>; readonly id: string },
    commands: readonly unknown[],
  ): void {
    const takesAll = commands.length > 0 && commands.every((command) => procedure.takesUnattested?.(command) === true);
    if (!takesAll) this.#gate?.assertAccepts(streamOf({ procedure, id }));
  }

  async #append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const all = [...(await this.#before(requests)), ...requests];
    const [only] = all;
    try {
      return all.length === 1 && only !== undefined
        ? [await this.#store.append(only)]
        : await this.#store.appendTogether(all);
    } catch (error) {
      const moved = requests.find((request) => this.#preparation?.hasMoved(error, request) === true);
      throw moved === undefined ? error : new StreamMovedError(moved.stream, error);
    }
  }

  /** Once for each case, whatever is appended of it. */
  async #before(requests: readonly AppendRequest[], transaction?: Transaction): Promise<readonly AppendRequest[]> {
    const prepared: AppendRequest[] = [];
    const cases = new Set<string | null>();
    for (const request of requests.toReversed()) {
      if (request.events.length === 0 || cases.has(request.caseId)) continue;
      cases.add(request.caseId);
      prepared.push(...((await this.#preparation?.before(request, transaction)) ?? []));
    }
    for (const { stream } of prepared) this.#gate?.assertAccepts(stream);
    return prepared;
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

function streamOf({ procedure, id }: { readonly procedure: { readonly name: string }; readonly id: string }): string {
  return `${procedure.name}-${id}`;
}

/** The command's own part of what was appended, which comes last. */
function resultOf<S>(
  loaded: Loaded<S>,
  { events: decided, idempotency }: AppendRequest,
  state: S,
  results: readonly AppendResult[],
): ExecuteResult<S> {
  if (decided.length === 0 && idempotency === undefined) return { ...loaded, events: [] };
  const { version, events } = results.at(-1) as AppendResult;
  return { version, state, events };
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
