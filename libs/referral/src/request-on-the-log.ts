import type { ReferralRequestedV2Data } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { ReferralRequest } from './referral.ts';

/** What a contract event names always, and a request only where there is something to say. */
const NOTHING_SAID = { custodyTerm: null, causedBy: null, separationReason: null } as const;

/** A request as it is published: the case and the time stand beside it. */
export function requestSaid({ caseId: _, requestedAt: __, ...said }: ReferralRequest): ReferralRequestedV2Data {
  return { ...NOTHING_SAID, ...said };
}

/** A published request as its receiver keeps it. */
export function requestHeard(
  { custodyTerm, causedBy, separationReason, ...said }: ReferralRequestedV2Data,
  { caseId, requestedAt }: { readonly caseId: string; readonly requestedAt: Instant },
): ReferralRequest {
  return {
    ...{ ...said, caseId, requestedAt },
    ...(custodyTerm !== null && { custodyTerm }),
    ...(causedBy !== null && { causedBy }),
    ...(separationReason !== null && { separationReason }),
  };
}
