import type { ProxyCommand } from './commands.ts';
import { answered } from './decide-fulfilment.ts';
import type { ProxiedStep, ReferralState, ReferralStep } from './referral.ts';
import { existing, refusal, requireActor } from './refusals.ts';

/**
 * Takes down what an agency without a node answered. There is one stream, the sender's, so both axes are known for certain: the
 * receiver's own rules hold, not those of what is heard late. Custody never moves so: who has no node cannot hold a case.
 *
 * @throws DomainError REFERRAL.NO_CUSTODY_BY_LINK, and what `fulfil` throws
 */
export function recordProxied(command: ProxyCommand, state: ReferralState): readonly ReferralStep[] {
  const referral = existing(state);
  const { by, now, linkId, answer } = command;
  requireActor(referral, by, 'SENDER', 'SENDER');
  const { receiver, transfer } = referral.request;
  if (transfer) throw refusal('REFERRAL.NO_CUSTODY_BY_LINK', 'custody moves only between agencies with a node');
  const steps = answered({ ...answer, by: receiver, now }, referral) as readonly ProxiedStep[];
  return steps.map((step) => ({ type: 'ProxiedAnswerRecorded', data: { linkId, answer: step } }));
}
