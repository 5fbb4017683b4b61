import type { ConsentWithdrawnV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { consentProcedure } from '@acogida/referral';
import { dataOf, type NodeContext, type ProcedureHolds } from '@acogida/service-kit';
import { commandReturnCases } from './command-return-cases.ts';
import { isForReturning } from './open-return-cases.ts';

/**
 * INV-14: the person may tell any agency. Whoever withdraws every consent, or one that was for returning, does not want to return. Comes
 * after the policies of the consent desk, which know what the consent was for.
 */
export function whenConsentWithdrawnThenWithdrawReturnConsent(context: NodeContext, holds: ProcedureHolds): Policy {
  const name = 'when-consent-withdrawn-then-withdraw-return-consent';
  return {
    name,
    on: 'ConsentWithdrawn',
    async react(event, transaction) {
      const { consentId } = dataOf<ConsentWithdrawnV1Data>(event);
      const { caseId } = event.payload;
      if (caseId === null) return;
      const { state } = await context.handler.load(consentProcedure, caseId, transaction);
      if (!isForReturning(state, consentId)) return;
      const told = { toldTo: 'ANOTHER_AGENCY', reason: 'NOT_STATED', at: context.clock.now() } as const;
      await commandReturnCases(
        { context, holds, policy: name, event, transaction },
        { type: 'WithdrawConsent', ...told },
      );
    },
  };
}
