import { DomainError } from '@acogida/core';
import { custodyProcedure } from '@acogida/referral';
import type { CommandContext } from '../http/command-context.ts';
import type { NodeContext } from '../node-definition.ts';

/**
 * Only the custodian asks for a transfer (architecture.md §6). A case that nobody referred here is this agency's own, and its
 * first term begins no later than with this.
 *
 * @param wasReferredHere whether this agency knows the case by a referral of another
 * @throws DomainError CUSTODY.NOT_THE_CUSTODIAN
 */
export async function requireCustody(
  { handler, agencyId }: NodeContext,
  { actor, correlationId }: CommandContext,
  {
    caseId,
    now,
    wasReferredHere,
  }: { readonly caseId: string; readonly now: string; readonly wasReferredHere: boolean },
): Promise<void> {
  const { state } = await handler.load(custodyProcedure, caseId);
  if (state === null && wasReferredHere) {
    throw new DomainError('CUSTODY.NOT_THE_CUSTODIAN', 'conflict', 'another agency has custody of the case');
  }
  await handler.execute({
    procedure: custodyProcedure,
    id: caseId,
    command: { type: 'OpenCustody', by: agencyId, now, caseId },
    actor: actor.subject,
    correlationId,
    causation: null,
  });
}

/**
 * The term under which this agency has a case; null when another has it, or when it is not known here who has.
 *
 * @param wasReferredHere whether this agency knows the case by a referral of another
 */
export async function heldTermOf(
  { handler, agencyId }: NodeContext,
  caseId: string,
  wasReferredHere: boolean,
): Promise<number | null> {
  const { state } = await handler.load(custodyProcedure, caseId);
  if (state === null) return wasReferredHere ? null : 1;
  return state.holder === agencyId ? state.term : null;
}
