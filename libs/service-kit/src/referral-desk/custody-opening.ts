import { DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { custodyProcedure } from '@acogida/referral';
import type { CommandContext } from '../http/command-context.ts';
import type { NodeContext } from '../node-definition.ts';
import type { CaseStanding } from './known-cases.ts';

/**
 * Only the custodian asks for a transfer (architecture.md §6). A case that this agency opened is its own, and its first term
 * begins no later than with this; one that it only knows is another's, whether that is known here or not.
 *
 * @throws DomainError CUSTODY.NOT_THE_CUSTODIAN
 */
export async function requireCustody(
  { handler, agencyId }: NodeContext,
  { actor, correlationId }: CommandContext,
  { caseId, now, standing }: { readonly caseId: string; readonly now: string; readonly standing: CaseStanding },
): Promise<void> {
  const { state } = await handler.load(custodyProcedure, caseId);
  if (state === null && standing !== 'OPENED_HERE') {
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

/** The term under which this agency has a case; null when another has it, or when it is not known here who has. */
export async function heldTermOf(
  { handler, agencyId }: NodeContext,
  caseId: string,
  standing: CaseStanding | null,
  transaction?: Transaction,
): Promise<number | null> {
  const { state } = await handler.load(custodyProcedure, caseId, transaction);
  if (state === null) return standing === 'OPENED_HERE' ? 1 : null;
  return state.holder === agencyId ? state.term : null;
}
