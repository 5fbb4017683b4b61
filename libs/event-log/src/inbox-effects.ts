import { DomainError } from '@acogida/core';
import { isTransientDatabaseError, type Transaction } from '@acogida/event-store';
import type { Reading } from './inbox-reading.ts';
import { AbortedTransactionError, type LockedSource } from './inbox-store.ts';
import {
  type ContractProjection,
  type Policy,
  type ReceivedEvent,
  type UnopenedEvent,
  VoidReactionError,
} from './port.ts';

/** A reading that policies or projections get to see. */
export type EffectiveReading = Exclude<Reading, { readonly kind: 'quarantined' | 'revoked' }>;

/** All effects at once, or each by itself. */
export type EffectMode = 'together' | 'alone';

/** A policy or projection failed for good. The transaction is to be rolled back and the events tried one by one. */
export class EffectFailedError extends Error {
  override readonly name: string = 'EffectFailedError';

  /** @param detail who failed and with which code; never what it was handling */
  constructor(detail: string, cause: unknown) {
    super(detail, { cause });
  }
}

/** A policy says that its reaction comes to nothing: what it did until then has to be undone. */
class ReactionVoidError extends EffectFailedError {
  override readonly name = 'ReactionVoidError';
  readonly policy: Policy;

  constructor(policy: Policy, cause: VoidReactionError) {
    super(`${policy.name}: void`, cause);
    this.policy = policy;
  }
}

/**
 * Runs work with all effects at once; where one fails for good, once more with each under a savepoint.
 *
 * @throws what the second run throws, and transient failures of the first
 */
export async function togetherElseAlone<T>(run: (mode: EffectMode) => Promise<T>): Promise<T> {
  try {
    return await run('together');
  } catch (error) {
    if (!(error instanceof EffectFailedError || isAborted(error))) throw error;
    return run('alone');
  }
}

/** An effect swallowed a database error and left the transaction unusable. */
function isAborted(error: unknown): boolean {
  if (error instanceof AbortedTransactionError) return true;
  return error instanceof Error && (error as { code?: unknown }).code === '25P02';
}

interface Applying {
  readonly transaction: Transaction;
  readonly without: ReadonlySet<Policy>;
  /** What policies are told of, besides the event. */
  readonly batch: readonly ReceivedEvent[];
}

function openedOf(readings: readonly Reading[]): readonly ReceivedEvent[] {
  return readings.flatMap((reading) => (reading.kind === 'event' ? [reading.event] : []));
}

const NO_POLICIES: ReadonlySet<Policy> = new Set();

/** Lets events take effect: the policies in order, then the projections with the whole set. */
export class Effects {
  readonly #policies = new Map<string, Policy[]>();
  readonly #projections: readonly ContractProjection[];

  constructor(policies: readonly Policy[], projections: readonly ContractProjection[]) {
    for (const policy of policies) this.#policies.set(policy.on, [...(this.#policies.get(policy.on) ?? []), policy]);
    this.#projections = projections;
  }

  /**
   * All of a batch at once.
   *
   * @throws EffectFailedError on a permanent failure; a transient one as it is
   */
  async together(readings: readonly EffectiveReading[], transaction: Transaction): Promise<void> {
    await this.#apply(readings, { transaction, without: NO_POLICIES, batch: openedOf(readings) });
  }

  /**
   * One event under a savepoint: null, or why it failed for good and left no trace. It is done again without a policy whose reaction
   * comes to nothing. @throws transient failures
   *
   * @param batch what is read in one go with it, itself among them
   */
  async alone(
    reading: EffectiveReading,
    locked: Pick<LockedSource, 'savepoint' | 'transaction'>,
    batch: readonly Reading[],
  ): Promise<string | null> {
    const without = new Set<Policy>();
    for (;;) {
      const savepoint = await locked.savepoint();
      try {
        await this.#apply([reading], { transaction: locked.transaction, without, batch: openedOf(batch) });
        await attributed('savepoint', () => savepoint.release());
        return null;
      } catch (error) {
        if (!(error instanceof EffectFailedError)) throw error;
        await savepoint.rollBack();
        if (!(error instanceof ReactionVoidError)) return error.message;
        without.add(error.policy);
      }
    }
  }

  async #apply(readings: readonly EffectiveReading[], { transaction, without, batch }: Applying): Promise<void> {
    const opened = openedOf(readings);
    const sealed = readings.flatMap((reading): readonly UnopenedEvent[] =>
      reading.kind === 'event' ? [] : [reading.event],
    );
    for (const event of opened) {
      for (const policy of this.#policies.get(event.payload.type) ?? []) {
        if (!without.has(policy)) await attributed(policy.name, () => reactOf(policy, event, transaction, batch));
      }
    }
    if (readings.length === 0) return;
    for (const projection of this.#projections) {
      await attributed(projection.name, () => projection.apply({ opened, sealed }, transaction));
    }
  }
}

async function reactOf(
  policy: Policy,
  event: ReceivedEvent,
  transaction: Transaction,
  batch: readonly ReceivedEvent[],
): Promise<void> {
  try {
    await policy.react(event, transaction, batch);
  } catch (error) {
    throw error instanceof VoidReactionError ? new ReactionVoidError(policy, error) : error;
  }
}

async function attributed(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isTransientDatabaseError(error) || error instanceof ReactionVoidError) throw error;
    throw new EffectFailedError(`${name}: ${codeOf(error)}`, error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
