import type { Causation } from '@acogida/contracts';
import type { AnyProcedure, ProcedureDefinition, StoredReply, Transaction, UnplacedEvent } from '@acogida/event-store';

/** What a command does to another stream in the same append: both take effect, or neither. */
export interface CommandsBeside {
  readonly procedure: AnyProcedure;
  readonly id: string;
  /** What is to be decided there, each on what those before it did; none leaves the stream as it is. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- states and commands of any procedure
  readonly commands: (state: any) => readonly unknown[] | Promise<readonly unknown[]>;
}

/** What a command decided, before it is appended. */
export interface DecidedCommand<S, E> {
  /** None where the command changed nothing. */
  readonly events: readonly E[];
  readonly state: S;
}

/** How one command is to be run. */
export interface ExecuteOptions<C, S, E extends { readonly type: string; readonly data: object }> {
  readonly procedure: ProcedureDefinition<C, S, E>;
  /** Id of the procedure instance; the stream is `<procedure.name>-<id>`. */
  readonly id: string;
  readonly command: C;
  readonly actor: string;
  readonly correlationId: string;
  readonly causation: Causation | null;
  /** The id was drawn for this command: there is no stream to read, the decision falls on the initial state. */
  readonly fresh?: boolean;
  /**
   * What else the command does, by what it decided; asked again where it is decided again. One for each stream. Where another
   * stream moved meanwhile, the whole is decided again: `expectedVersion` is of the command's own.
   */
  readonly beside?: (decided: DecidedCommand<S, E>, transaction?: Transaction) => Promise<readonly CommandsBeside[]>;
  /** From If-Match: the version the client saw. A conflict is then an answer (412), never retried. */
  readonly expectedVersion?: number;
  /** Keep this reply under the client's Idempotency-Key, in the same transaction. */
  readonly idempotency?: {
    readonly key: string;
    readonly fingerprint: string;
    readonly reply: (result: ExecuteResult<S>) => StoredReply;
  };
}

/** The procedure after the command. `events` is empty when the command changed nothing. */
export interface ExecuteResult<S> {
  readonly version: number;
  readonly state: S;
  readonly events: readonly UnplacedEvent[];
}

/** Runs commands: load, decide, append; a conflict without `expectedVersion` is retried on fresh state. */
export interface ProcedureHandler {
  /** @throws DomainError, StreamConflictError (only with `expectedVersion`, or after the retries), IdempotencyConflictError */
  execute<C, S, E extends { readonly type: string; readonly data: object }>(
    options: ExecuteOptions<C, S, E>,
  ): Promise<ExecuteResult<S>>;
  /**
   * The same inside a transaction of the caller: that of a received batch (policies), or of several commands that stand or
   * fall together. A conflict throws a transient error.
   */
  executeWithin<C, S, E extends { readonly type: string; readonly data: object }>(
    transaction: Transaction,
    options: Omit<ExecuteOptions<C, S, E>, 'expectedVersion'>,
  ): Promise<ExecuteResult<S>>;
  /** Current state and version; version 0 when the stream does not exist. */
  load<C, S, E extends { readonly type: string; readonly data: object }>(
    procedure: ProcedureDefinition<C, S, E>,
    id: string,
    transaction?: Transaction,
  ): Promise<{ readonly version: number; readonly state: S }>;
}
