import type { HoldPlacedV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { holdLedgerProcedure, openHolds } from '@acogida/safeguards';
import { isLiftedSince, LocalDirectory, type NodeContext, type ProcedureHolds } from '@acogida/service-kit';

const NEXT = 'ASYLUM_PENDING';

/** Agencies that gates of this country ask about applications, as far as the directory has named them. */
async function mandatedIn({ jurisdiction, ...node }: NodeContext, lookup: Transaction): Promise<readonly string[]> {
  if (jurisdiction === null) return [];
  const authorities = await new LocalDirectory(node, lookup).clearanceAuthorities(jurisdiction);
  return authorities.filter(({ holds }) => holds.includes(NEXT)).map(({ agencyId }) => agencyId);
}

/**
 * H-02 becomes H-03 (domain.md §1.5): what intake holds for an intent is lifted once an authority whom gates ask about applications
 * has said that its own hold stands, which it places with the lodging. The lodging itself may be heard before that word and lifts
 * nothing. Whoever else says so changes nothing: H-02 stays until two officers lift it.
 */
export function whenApplicationLodgedThenLiftAsylumIntent(
  context: NodeContext,
  holds: Pick<ProcedureHolds, 'acting'>,
): Policy {
  const officer = `${context.agencyId}.when-application-lodged-then-lift-asylum-intent`;
  return {
    name: 'when-application-lodged-then-lift-asylum-intent',
    on: 'HoldPlaced',
    async react(event, transaction, batch) {
      const { caseId, correlationId } = event.payload;
      const { holdId, kind, groundId } = event.payload.data as unknown as HoldPlacedV1Data;
      // Without an application nothing was lodged.
      if (caseId === null || kind !== NEXT || groundId === null) return;
      const { state } = await context.handler.load(holdLedgerProcedure, caseId, transaction);
      const intents = openHolds(state).filter(
        (hold) => hold.kind === 'ASYLUM_INTENT' && hold.owner === context.agencyId,
      );
      if (intents.length === 0 || (await isLiftedSince(event, holdId, transaction, batch))) return;
      const mandated = await mandatedIn(context, transaction);
      if (!mandated.includes(event.source)) return;
      const to = { authority: event.source, kind: NEXT, mandated } as const;
      for (const intent of intents) {
        await context.handler.executeWithin(transaction, {
          ...{ procedure: holdLedgerProcedure, id: caseId, actor: officer, correlationId },
          command: { type: 'HandOverHold', ...holds.acting(), holdId: intent.holdId, to, officer },
          causation: { source: event.source, id: event.id },
        });
      }
    },
  };
}
