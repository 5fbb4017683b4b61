import type { Clock } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { RemovalHold } from '@acogida/reference';
import {
  commandsOfChanges,
  type HoldChange,
  type HoldLedger,
  holdLedgerProcedure,
  type StepActing,
  type Surroundings,
} from '@acogida/safeguards';
import type { Actor } from '../auth/actor.ts';
import { nameBasedId } from '../name-based-id.ts';
import type { CommandsBeside, DecidedCommand, ExecuteOptions } from '../procedure-handler.ts';
import { liftsHolds } from './hold-roles.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

/** Namespace of the ids of holds that procedures place. */
const NAMESPACE = '7f1d2a45-0309-42b1-8e74-5062731d6f1a';

/** What a step does to the holds of its case. */
export interface HoldsOfStep {
  readonly caseId: string;
  /** The procedure that the hold protects, by its meaningless id; null where there is none yet. */
  readonly groundId: string | null;
  /** Who referred the person into the procedure, and is told which hold protects it; left out where nobody did. */
  readonly referredBy?: string;
  readonly changes: readonly HoldChange[];
}

/** Who takes a step. */
export interface StepTaker {
  /** Token subject, or `<agency>.<policy>`. */
  readonly subject: string;
  /** Whether it may lift holds: `liftsHolds` of the caller. */
  readonly mayLift: boolean;
}

/** The caller of a route as whoever takes the step. */
export function stepTaker(actor: Pick<Actor, 'subject' | 'roles'>): StepTaker {
  return { subject: actor.subject, mayLift: liftsHolds(actor) };
}

/** What the holds of procedures are placed with. */
export interface ProcedureHoldsOptions {
  readonly agencyId: string;
  readonly clock: Clock;
  readonly monotonic: MonotonicClock;
  /** Kinds that the procedures of the service place: nothing has to be asked for them. */
  readonly own: readonly RemovalHold[];
  /** What may be out at this moment; a hold waits for what is not known (S4). Rejects only within a transaction, which is lost then. */
  readonly surroundings: (transaction?: Transaction) => Promise<Surroundings>;
}

/**
 * Lets the steps of a procedure place, replace and lift the holds that protect its person, in the transaction of the step: neither
 * is there without the other. A hold has an id that follows from the procedure and its kind, so that a step that is
 * repeated, or imported again, places nothing twice. Where somebody else moves the ledger meanwhile, both are decided again.
 *
 * ```ts
 * this.commands.run({
 *   procedure: asylumApplication, id, …,
 *   beside: this.holds.beside({ procedure: asylumApplication, id, by: stepTaker(context.actor) }, holdsOfApplication),
 * });
 * ```
 */
export class ProcedureHolds {
  readonly #options: ProcedureHoldsOptions;

  constructor(options: ProcedureHoldsOptions) {
    this.#options = options;
  }

  /**
   * What goes with a command, for `CommandRunner.run` and for the handler, also within a transaction.
   *
   * @param holdsOf what the step does to holds, by what it decided; null or no change for nothing, which costs nothing
   */
  beside<S, E extends { readonly type: string; readonly data: object }>(
    step: { readonly procedure: { readonly name: string }; readonly id: string; readonly by: StepTaker },
    holdsOf: (decided: DecidedCommand<S, E>) => HoldsOfStep | null,
  ): NonNullable<ExecuteOptions<never, S, E>['beside']> {
    return async (decided, transaction) => {
      const holds = holdsOf(decided);
      if (holds === null || holds.changes.length === 0) return [];
      const caseId = holds.caseId.toLowerCase();
      const { agencyId, own } = this.#options;
      const looked = this.#lookAround(holds.changes, transaction);
      if (transaction !== undefined) await looked; // a transaction answers one question at a time
      const commands = async (ledger: HoldLedger) => {
        const acting: StepActing = {
          ...{ caseId, groundId: holds.groundId, mandate: own },
          ...(holds.referredBy === undefined ? {} : { referredBy: holds.referredBy }),
          ...(await looked),
          ...this.acting(),
          ...step.by,
          holdIdOf: (kind, occasion) =>
            nameBasedId(NAMESPACE, [agencyId, step.procedure.name, step.id, kind, occasion]),
        };
        return commandsOfChanges(holds.changes, ledger, acting);
      };
      return [{ procedure: holdLedgerProcedure, id: caseId, commands }] satisfies CommandsBeside[];
    };
  }

  /** Only what is placed waits for anything. */
  #lookAround(changes: readonly HoldChange[], transaction?: Transaction): Promise<Surroundings> {
    if (changes.some(({ change }) => change === 'PLACE')) return this.#options.surroundings(transaction);
    return Promise.resolve({ unawareGates: [], unknownLeases: null });
  }

  /** Of every command on a ledger: this agency, and what its clocks show. */
  acting(): Pick<StepActing, 'by' | 'reading' | 'now'> {
    const { agencyId: by, monotonic, clock } = this.#options;
    return { by, reading: monotonic.read(), now: clock.now() };
  }
}
