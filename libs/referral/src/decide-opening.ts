import { instantAfter } from '@acogida/core';
import type { CommandOf } from './commands.ts';
import { PENDING_STATUSES } from './merge-table.ts';
import type { Referral, ReferralRequest, ReferralState, ReferralStep } from './referral.ts';
import { isSameValue, refusal } from './refusals.ts';
import { requireAttachments, requireConsent, requireFacts, requireOtherAgency } from './request-rules.ts';

const SAME_KEYS = [
  ...(['caseId', 'sender', 'receiver', 'service', 'urgency', 'reason'] as const),
  ...(['consent', 'facts', 'transfer', 'groupId', 'causedBy', 'separationReason', 'attachments'] as const),
];

/** Same referral, whatever the time of asking. Consent and facts are compared too: they are what was shared. */
function isSameRequest(one: ReferralRequest, other: ReferralRequest): boolean {
  return SAME_KEYS.every((key) => isSameValue(one[key], other[key]));
}

function isPending({ status }: Referral): boolean {
  return (PENDING_STATUSES as readonly string[]).includes(status);
}

function requestOf(command: CommandOf<'RequestReferral' | 'DraftReferral'>): ReferralRequest {
  const { type: _, by, now, takenOver: __, ...asked } = command;
  const acknowledgeBy = instantAfter(now, asked.deadlines.acknowledgeWithinMs);
  return { ...asked, sender: by, requestedAt: now, acknowledgeBy };
}

/** A draft may say what is not yet fit to be sent, but not to whom it never can be. */
export function draft(command: CommandOf<'DraftReferral'>, state: ReferralState): readonly ReferralStep[] {
  const wanted = requestOf(command);
  requireOtherAgency(command.by, command.receiver);
  if (state !== null) {
    if (state.status !== 'DRAFT') throw refusal('REFERRAL.ID_TAKEN', 'it was sent meanwhile');
    if (isSameRequest(state.request, wanted)) return [];
  }
  return [{ type: 'ReferralDrafted', data: wanted }];
}

/** Sends a request, or a draft as it is now. */
export function request(command: CommandOf<'RequestReferral'>, state: ReferralState): readonly ReferralStep[] {
  const wanted = requestOf(command);
  if (state !== null && state.status !== 'DRAFT') {
    if (state.side === 'RECEIVER' || !isPending(state)) throw refusal('REFERRAL.ID_TAKEN', 'it was answered meanwhile');
    if (isSameRequest(state.request, wanted)) return [];
    throw refusal('REFERRAL.ALREADY_PENDING', 'the receiver has not answered the same question yet');
  }
  requireOtherAgency(command.by, command.receiver);
  requireFacts(command.facts);
  requireConsent(command.consent, command.facts, command.takenOver);
  requireAttachments(command.attachments);
  return [{ type: 'ReferralRequested', data: wanted }];
}

/** Takes a request in at the agency that it is addressed to. */
export function receive(command: CommandOf<'ReceiveReferral'>, state: ReferralState): readonly ReferralStep[] {
  const { request: asked, by, publishedBy } = command;
  if (asked.receiver !== by)
    throw refusal('REFERRAL.NOT_THE_RECEIVER', 'it is addressed to another agency', 'forbidden');
  if (asked.sender !== publishedBy) {
    throw refusal('REFERRAL.NOT_THE_SENDER', 'only the sender itself asks', 'forbidden');
  }
  if (asked.sender === asked.receiver)
    throw refusal('REFERRAL.TO_SELF', 'an agency does not refer to itself', 'invalid');
  if (state !== null) {
    if (state.side === 'RECEIVER' && isSameRequest(state.request, asked)) return [];
    throw refusal('REFERRAL.ID_TAKEN', 'another referral has this id');
  }
  return [{ type: 'ReferralReceived', data: asked }];
}
