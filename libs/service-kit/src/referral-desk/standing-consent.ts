import { DomainError } from '@acogida/core';
import { referralProcedure } from '@acogida/referral';
import { fallenConsent } from '../egress/stated-consent.ts';
import type { CommandContext } from '../http/command-context.ts';
import type { NodeContext } from '../node-definition.ts';

/**
 * A referral is taken on under a consent that stands: one that was withdrawn, or came to its end, between sending and
 * acceptance lets it go back to its sender, whose task it is again (domain.md §1.3, INV-19). One that is not waiting for this
 * agency's decision is left to the decider.
 *
 * @throws DomainError CONSENT.EXPIRED, CONSENT.WITHDRAWN: it was returned
 */
export async function requireStandingConsent(node: NodeContext, id: string, context: CommandContext): Promise<void> {
  const { state } = await node.handler.load(referralProcedure, id.toLowerCase());
  if (state?.side !== 'RECEIVER' || (state.status !== 'ACKNOWLEDGED' && state.status !== 'ON_HOLD')) return;
  const fallen = await fallenConsent(node, state);
  if (fallen === null) return;
  await node.handler.execute({
    procedure: referralProcedure,
    id: state.request.referralId,
    command: {
      ...{ type: 'RejectReferral', by: node.agencyId, now: node.clock.now() },
      ...{ reason: 'NO_CONSENT', alternativeAgency: null },
    },
    actor: context.actor.subject,
    correlationId: context.correlationId,
    causation: null,
  });
  throw new DomainError(fallen, 'conflict', 'the consent does not stand any more: the referral was returned', {
    refusals: [fallen],
  });
}
