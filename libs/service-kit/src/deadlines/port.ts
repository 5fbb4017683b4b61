import type { Instant } from '@acogida/core';
import type { ProcedureDefinition, ReadModelWriter, Transaction } from '@acogida/event-store';
import type { NodeContext } from '../node-definition.ts';
import type { ExecuteOptions, ExecuteResult } from '../procedure-handler.ts';

/** A time limit that stands open. Deciders put it into their events; `openIn` says what is left of it in a state. */
export interface Deadline<K extends string = string> {
  /** What is awaited, `ACKNOWLEDGE`. A stream has at most one open deadline of a kind. */
  readonly kind: K;
  /** From this instant of the node's clock on it is due. */
  readonly dueAt: Instant;
}

/** A deadline of one procedure instance that has come due. */
export interface DueDeadline<K extends string = string> extends Deadline<K> {
  /** `<procedure>-<id>`. */
  readonly stream: string;
  /** Id of the procedure instance. */
  readonly id: string;
}

/** How a command is run when a deadline came due: by nobody of the staff, and caused by no event. */
export type DeadlineCommand<C, S, E extends { readonly type: string; readonly data: object }> = Pick<
  ExecuteOptions<C, S, E>,
  'procedure' | 'id' | 'command' | 'beside'
>;

/** What a rule acts with when one of its deadlines came due. */
export interface DeadlineTurn {
  /** Instant of the node's clock: what goes into commands. */
  readonly now: Instant;
  readonly node: NodeContext;
  /** In which all of the turn happens; whoever gets it neither commits nor rolls back. */
  readonly transaction: Transaction;
  /**
   * Runs a command in the transaction of the turn, as actor `<agency>.when-<kind>-is-due`, all of one turn under one
   * correlation id.
   *
   * @throws DomainError the decider refuses it; StreamMovedError another command came first (the turn is tried again)
   */
  readonly run: <C, S, E extends { readonly type: string; readonly data: object }>(
    command: DeadlineCommand<C, S, E>,
  ) => Promise<ExecuteResult<S>>;
  /**
   * What is awaited may not be over although the instant has come, because something else than the calendar counts it: if the
   * deadline stands open after the turn, it has its next one at `until`. Nothing has failed.
   */
  readonly lookAgainAt: (until: Instant) => void;
}

/**
 * The deadlines of one procedure and what happens when one has come due (domain.md §1.4, architecture.md §6). Made with
 * `deadlineRule` and named in `NodeDefinition.deadlines`. `K`: the kinds, so that `handle` can be exhaustive.
 */
export interface DeadlineRule<
  C,
  S,
  E extends { readonly type: string; readonly data: object },
  K extends string = string,
> {
  readonly procedure: ProcedureDefinition<C, S, E>;
  /** 1, 2, 3 …: one more whenever `openIn` changes; the streams that are there already are then computed anew. */
  readonly revision: number;
  /** What stands open in a state of the procedure, at most one of a kind. Pure. */
  readonly openIn: (state: S) => readonly Deadline<K>[];
  /**
   * Settles one that has come due: afterwards it must not stand open any more (but for `lookAgainAt`), so usually it runs the command for which the
   * decider records that it was missed. It may be called again for the same one (a crash, a command at the same time): what
   * it does must do nothing the second time. Rejecting undoes the turn, which comes again later, at growing distances.
   */
  readonly handle: (due: DueDeadline<K>, turn: DeadlineTurn) => Promise<void>;
}

/** Any rule, where the types of its procedure do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- deciders are contravariant in their commands
export type AnyDeadlineRule = DeadlineRule<any, any, any, any>;

/** An open deadline as it is kept. */
export interface OpenDeadline extends Deadline {
  readonly stream: string;
  /** Turns that failed so far. */
  readonly failures: number;
}

/** All that stands open on one stream. */
export interface StreamDeadlines {
  readonly stream: string;
  readonly open: readonly Deadline[];
}

/** What metrics say of the open deadlines. */
export interface DeadlineCounts {
  readonly open: number;
  /** Open although due. */
  readonly overdue: number;
  /** Open although a turn failed. */
  readonly failing: number;
  /** When the longest overdue one was due; null when none is. */
  readonly oldestDueAt: Instant | null;
}

/** Whether a turn took place: `gone` is not open any more, `busy` is in the hands of another process. */
export type TurnOutcome = 'taken' | 'gone' | 'busy';

/** Where the open deadlines of a node are kept. */
export interface DeadlineStore {
  /** Makes this all that stands open on these streams. Statements only: may go out with a commit. */
  replace(streams: readonly StreamDeadlines[], transaction: ReadModelWriter): Promise<void>;
  /** Those to act on at `now`, longest due first, at most `limit`. */
  due(now: Instant, limit: number): Promise<readonly OpenDeadline[]>;
  /** Whether exactly this one stands open. */
  isOpen(deadline: OpenDeadline, transaction: Transaction): Promise<boolean>;
  /**
   * Runs `work` in a transaction if the deadline still stands open, alone on its stream among all turns of this node.
   * Commits when `work` resolves, rolls back and rejects when it rejects.
   */
  turn(deadline: OpenDeadline, work: (transaction: Transaction) => Promise<void>): Promise<TurnOutcome>;
  /** Keeps a stream, and so what stands open on it, from moving until the transaction ends. */
  hold(stream: string, transaction: Transaction): Promise<void>;
  /** Counts a failed turn; the deadline is not acted on again before `until`. */
  postpone(deadline: OpenDeadline, until: Instant): Promise<void>;
  /** The deadline is not acted on again before `until`; no turn has failed. */
  putOff(deadline: OpenDeadline, until: Instant, transaction: Transaction): Promise<void>;
  /** When the next one is to be acted on; null when none is open. */
  nextAt(): Promise<Instant | null>;
  /** @throws what the database throws */
  counts(now: Instant): Promise<DeadlineCounts>;
}

/**
 * Wakes the node up when a deadline may have come due. Only that: what is due is judged by the node's clock on the open
 * deadlines, so a wake-up too many does nothing, and one that is lost costs the time to the next look.
 */
export interface AlarmClock {
  /**
   * Wants a wake-up at this instant of the node's clock or shortly after. One that is wanted earlier may stand in for it:
   * each look wants the next one.
   *
   * @param transaction wanted only if it commits; alone when left out
   */
  wakeAt(at: Instant, transaction?: ReadModelWriter): Promise<void>;
  /** Wakes by `onWake` from now on, also for what was wanted before. `onWake` never rejects. */
  start(onWake: () => Promise<void>): Promise<void>;
  /** Resolves when no wake-up is under way and none will follow. */
  stop(): Promise<void>;
}
