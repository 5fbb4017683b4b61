import type { HoldPlacedV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { holdLedgerProcedure } from '@acogida/safeguards';
import { dataOf, isLiftedSince, type NodeContext, type ProcedureHolds } from '@acogida/service-kit';
import { childCaseIdOf, childCaseProcedure } from '../child-case.procedure.ts';
import { childAuthorities } from './child-authorities.ts';
import { handingOver, whileTransferred } from './handing-over.ts';

/**
 * INV-19: of a child whose case went on to another authority, this agency's holds are lifted once that one has said that its own H-10
 * stands, if gates of this country ask it. What was heard before the case ended is looked at when it ends (`besideChildCase`).
 */
export function whenChildHeldElsewhereThenHandOver(
  context: NodeContext,
  holds: Pick<ProcedureHolds, 'acting'>,
): Policy {
  const name = 'when-child-held-elsewhere-then-hand-over';
  return {
    name,
    on: 'HoldPlaced',
    async react(event, transaction, batch) {
      const { caseId, correlationId } = event.payload;
      const { holdId, kind } = dataOf<HoldPlacedV1Data>(event);
      if (caseId === null || kind !== 'CHILD_NO_BID') return;
      const { agencyId, handler } = context;
      const id = childCaseIdOf(agencyId, caseId);
      const child = await handler.load(childCaseProcedure, id, transaction);
      if (child.state.closing?.reason !== 'TRANSFERRED') return;
      const mandated = await childAuthorities(context, transaction);
      if (!mandated.includes(event.source) || (await isLiftedSince(event, holdId, transaction, batch))) return;
      const { state: ledger } = await handler.load(holdLedgerProcedure, caseId, transaction);
      const actor = `${agencyId}.${name}`;
      const to = { authority: event.source, kind, mandated };
      for (const command of handingOver(ledger, to, { ...holds.acting(), officer: actor })) {
        await handler.executeWithin(transaction, {
          ...{ procedure: holdLedgerProcedure, id: caseId, actor, correlationId, command },
          causation: { source: event.source, id: event.id },
          beside: whileTransferred(id),
        });
      }
    },
  };
}
