import type { Transaction } from '@acogida/event-store';
import {
  type NodeContext,
  type ProcedureHolds,
  stepTaker,
  type WithdrawalHere,
  type WithdrawnHere,
} from '@acogida/service-kit';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { besideReturnCase } from './beside-return-case.ts';
import { isForReturning, openReturnCases } from './open-return-cases.ts';

/** INV-14: a consent to return that is withdrawn at this agency's consent desk ends the return as well. */
export class ReturnsWithdrawnHere implements WithdrawnHere {
  readonly #node: NodeContext;
  readonly #lookup: Pick<Transaction, 'query'>;
  readonly #holds: ProcedureHolds;

  constructor(node: NodeContext, lookup: Pick<Transaction, 'query'>, holds: ProcedureHolds) {
    this.#node = node;
    this.#lookup = lookup;
    this.#holds = holds;
  }

  async end({ caseId, consentId, register, context: { actor, correlationId } }: WithdrawalHere): Promise<void> {
    if (!isForReturning(register, consentId)) return;
    const { clock, handler } = this.#node;
    const command = { type: 'WithdrawConsent', toldTo: 'RETURN_STAFF', reason: 'NOT_STATED', at: clock.now() } as const;
    for (const id of await openReturnCases(this.#lookup, caseId)) {
      await handler.execute({
        ...{ procedure: returnCaseProcedure, id, command, actor: actor.subject, correlationId, causation: null },
        beside: besideReturnCase(this.#holds, clock, id, stepTaker(actor)),
      });
    }
  }
}
