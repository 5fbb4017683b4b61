import { DomainError } from '@acogida/core';
import {
  type EventStore,
  IdempotencyConflictError,
  isTransientDatabaseError,
  StreamConflictError,
  type Transaction,
} from '@acogida/event-store';
import {
  type ConsentCommand,
  consentProcedure,
  type ReferralCommand,
  referralProcedure,
  type ReferralState,
} from '@acogida/referral';
import { keyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext } from '../node-definition.ts';
import type { ExecuteOptions, ExecuteResult, ProcedureHandler } from '../procedure-handler.ts';
import type { CircleCare } from './circle-care.ts';
import { changesConsent, movesService } from './served-referral.ts';

/** How often a command is decided when others keep moving the streams. */
const MAX_ATTEMPTS = 5;

/** What keeping circles with commands takes. */
export interface CircleKeepingOptions {
  /** Runs the commands. */
  readonly handler: ProcedureHandler;
  readonly node: Omit<NodeContext, 'handler'>;
  readonly care: Pick<CircleCare, 'settle' | 'review'>;
  readonly store: Pick<EventStore, 'findReply'>;
  /** Runs it in a transaction of the node's database, which its rejection rolls back. */
  readonly transact: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** A transaction of this handler was committed. */
  readonly onCommitted: () => void;
}

interface AnyEvent {
  readonly type: string;
  readonly data: object;
}

/**
 * Runs commands, and with those that take a referral on, end it or change a consent, in the same transaction, whatever follows
 * from them for the circle of the case: whoever is shut out reads nothing that is recorded later, also if the node dies at once.
 */
export class CircleKeepingHandler implements ProcedureHandler {
  readonly #options: CircleKeepingOptions;

  constructor(options: CircleKeepingOptions) {
    this.#options = options;
  }

  async execute<C, S, E extends AnyEvent>(options: ExecuteOptions<C, S, E>): Promise<ExecuteResult<S>> {
    const { handler, transact, onCommitted } = this.#options;
    if (!isConcerned(options)) return handler.execute(options);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await transact((transaction) => this.#atVersion(transaction, options));
        onCommitted();
        return result;
      } catch (error) {
        if (attempt < MAX_ATTEMPTS && isTransientDatabaseError(error)) continue;
        throw await this.#replayOr(error, options.idempotency?.key);
      }
    }
  }

  async executeWithin<C, S, E extends AnyEvent>(
    transaction: Transaction,
    options: Omit<ExecuteOptions<C, S, E>, 'expectedVersion'>,
  ): Promise<ExecuteResult<S>> {
    const result = await this.#options.handler.executeWithin(transaction, options);
    if (result.events.length > 0 && isConcerned(options)) await this.#keep(transaction, options, result.state);
    return result;
  }

  load<C, S, E extends AnyEvent>(
    procedure: ExecuteOptions<C, S, E>['procedure'],
    id: string,
    transaction?: Transaction,
  ): Promise<{ readonly version: number; readonly state: S }> {
    return this.#options.handler.load(procedure, id, transaction);
  }

  async #atVersion<C, S, E extends AnyEvent>(
    transaction: Transaction,
    { expectedVersion, ...options }: ExecuteOptions<C, S, E>,
  ): Promise<ExecuteResult<S>> {
    const { procedure, id } = options;
    if (expectedVersion !== undefined) {
      const { version } = await this.load(procedure, id, transaction);
      if (version !== expectedVersion)
        throw new StreamConflictError(`${procedure.name}-${id}`, expectedVersion, version);
    }
    return this.executeWithin(transaction, options);
  }

  async #keep<C, S, E extends AnyEvent>(
    transaction: Transaction,
    { procedure, id, correlationId, causation }: Omit<ExecuteOptions<C, S, E>, 'expectedVersion'>,
    state: S,
  ): Promise<void> {
    const { node, handler, care } = this.#options;
    // On streams of keys, which stand in clear and stay after an erasure: nobody of the staff.
    const metadata = { actor: `${node.agencyId}.case-keys`, correlationId, causation };
    const turn = keyTurn({ ...node, handler }, transaction, node.clock.now(), metadata);
    if (procedure.name === consentProcedure.name) {
      return care.review(turn, id);
    }
    const referral = state as unknown as ReferralState;
    if (referral !== null) await care.settle(turn, referral);
  }

  /** The same request may have come before and changed what it was refused on now: then its reply is the answer. */
  async #replayOr(error: unknown, key: string | undefined): Promise<unknown> {
    if (key === undefined || !(error instanceof DomainError || error instanceof StreamConflictError)) return error;
    const kept = await this.#options.store.findReply(key);
    return kept === undefined ? error : new IdempotencyConflictError(kept.fingerprint, kept.reply);
  }
}

function isConcerned({
  procedure,
  command,
}: {
  readonly procedure: { readonly name: string };
  readonly command: unknown;
}): boolean {
  if (procedure.name === referralProcedure.name) return movesService(command as ReferralCommand);
  return procedure.name === consentProcedure.name && changesConsent(command as ConsentCommand);
}
