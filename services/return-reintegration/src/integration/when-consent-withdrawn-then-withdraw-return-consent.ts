import type { ConsentWithdrawnV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { consentOf, consentProcedure, type ConsentRegister } from '@acogida/referral';
import { dataOf, type NodeContext, type ProcedureHolds } from '@acogida/service-kit';
import { commandReturnCases } from './command-return-cases.ts';
import { isForReturning } from './open-return-cases.ts';

/**
 * Agencies pass a withdrawal on: the same one of another ended what stood then. Whatever is not the very same is taken for a new
 * one, since clocks differ.
 */
function isSaidAgain(
  register: ConsentRegister,
  { consentId, withdrawnAt, lodgedAt }: ConsentWithdrawnV1Data,
  source: string,
): boolean {
  const known = consentId === null ? register.withdrawnAll : (consentOf(register, consentId)?.withdrawal ?? null);
  if (known === null || known.withdrawnAt !== withdrawnAt) return false;
  return known.lodgedAt !== source && known.lodgedAt !== lodgedAt;
}

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
      const said = dataOf<ConsentWithdrawnV1Data>(event);
      const { caseId } = event.payload;
      if (caseId === null) return;
      const { state } = await context.handler.load(consentProcedure, caseId, transaction);
      if (!isForReturning(state, said.consentId) || isSaidAgain(state, said, event.source)) return;
      const told = { toldTo: 'ANOTHER_AGENCY', reason: 'NOT_STATED', at: context.clock.now() } as const;
      await commandReturnCases(
        { context, holds, policy: name, event, transaction },
        { type: 'WithdrawConsent', ...told },
      );
    },
  };
}
