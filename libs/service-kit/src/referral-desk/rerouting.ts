import { DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { countryParameters } from '@acogida/reference';
import { type CommandOf, custodyProcedure, isMove, type Referral, referralProcedure } from '@acogida/referral';
import type { DeadlineTurn } from '../deadlines/port.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { hasNode } from '../has-node.ts';
import { candidatesFor } from '../routing/candidates.ts';
import { heldTermOf } from './custody-opening.ts';
import { type CaseStanding, standingOf } from './known-cases.ts';
import { isReadyReceiver } from './ready-receiver.ts';
import { referralIdOf } from './referral-id.ts';

/** What a rerouting is decided with. */
type Turn = Pick<DeadlineTurn, 'now' | 'node' | 'transaction' | 'run'>;

/** All that were asked for the service before, whatever they answered. */
async function askedBefore(
  { caseId, service }: Referral['request'],
  transaction: Transaction,
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ receiver: string }>(
    `SELECT DISTINCT receiver FROM referral WHERE direction = 'sent' AND case_id = $1 AND service = $2`,
    [caseId, service],
  );
  return rows.map(({ receiver }) => receiver);
}

/**
 * Whether a clock may send it on at all. Not past a missing consent, nor what would move one of several that were asked for
 * together (INV-24), nor a case that this agency does not have any more: people decide these.
 */
async function mayGoOn({ request }: Referral, { node, transaction }: Turn): Promise<boolean> {
  if (request.consent.overriddenFor !== undefined || (request.groupId !== null && isMove(request))) return false;
  if (!request.transfer) return true;
  const { state } = await node.handler.load(custodyProcedure, request.caseId, transaction);
  return state?.holder === node.agencyId;
}

/**
 * The agency to ask next: the first by the directory that the same consent allows, that was not asked before and that can be
 * sealed to. Never the
 * authority of another State: here only what the receiver was told is known of the person, and a nationality on record may
 * forbid it (INV-05).
 */
async function nextReceiver(referral: Referral, { node, transaction }: Turn): Promise<string | null> {
  const { request } = referral;
  const { jurisdiction } = node;
  if (jurisdiction === null) return null;
  const candidates = await candidatesFor(
    node,
    {
      ...{ referral: request, facts: request.facts, urgency: request.urgency, country: jurisdiction },
      ...{ area: null, stage: null, languages: [], family: [] },
      exclude: await askedBefore(request, transaction),
      askedBy: `${node.agencyId}.when-answer-escalation-is-due`,
    },
    { lookup: transaction, transaction },
  );
  const recipients = await new LocalDirectory(node, transaction).recipients();
  const isOfOtherState = (agencyId: string): boolean =>
    ![null, jurisdiction].includes(recipients.get(agencyId)?.authorityOf ?? null);
  // Whom a link has to be handed to, people ask.
  const isAsked = (agencyId: string): boolean =>
    !isOfOtherState(agencyId) && hasNode(node, agencyId) && isReadyReceiver(node, agencyId);
  return candidates.find(({ can, agencyId }) => can && isAsked(agencyId))?.agencyId ?? null;
}

/** Under the term under which this agency has the case now: it may have given it away since it asked. */
async function askNext(
  { request }: Referral,
  receiver: string,
  standing: CaseStanding,
  { node, now, transaction }: Turn,
): Promise<CommandOf<'RequestReferral'>> {
  const { referralId: causedBy, sender: by, requestedAt: _, acknowledgeBy: __, deadlines: ___, ...asked } = request;
  const { custodyTerm: ____, ...same } = asked;
  const { caseId, service, urgency } = request;
  const custodyTerm = await heldTermOf(node, caseId, standing, transaction);
  const { referralDeadlines } = countryParameters(node.jurisdiction ?? '', now.slice(0, 10));
  return {
    ...{ type: 'RequestReferral', ...same, by, now, receiver, causedBy, takenOver: false },
    referralId: referralIdOf({ sender: by, receiver, service, caseId }, 0), // it was never asked before
    deadlines: referralDeadlines[urgency],
    ...(custodyTerm !== null && { custodyTerm }),
  };
}

/**
 * A referral that nobody answered, neither the receiver nor its supervisor, goes to the next agency that can take it; where
 * there is none, it stays with its sender, whose task it is again (INV-19, architecture.md §6).
 */
export async function rerouteUnanswered(referral: Referral, turn: Turn): Promise<void> {
  const { node, now, run, transaction } = turn;
  if (!countryParameters(node.jurisdiction ?? '', now.slice(0, 10)).rerouteUnanswered) return;
  const standing = await standingOf(node, transaction, referral.request.caseId);
  if (standing === null || !(await mayGoOn(referral, turn))) return;
  const receiver = await nextReceiver(referral, turn);
  if (receiver === null) return;
  const command = await askNext(referral, receiver, standing, turn);
  const { referralId: nextReferralId } = command;
  try {
    await run({ procedure: referralProcedure, id: nextReferralId, command });
  } catch (error) {
    if (error instanceof DomainError) return; // as it stands it cannot be sent: people say what is missing
    throw error;
  }
  const closure = { outcome: 'REFERRED_ELSEWHERE', nextReferralId } as const;
  const close = { type: 'CloseLoop', by: node.agencyId, now, ...closure } as const;
  await run({ procedure: referralProcedure, id: referral.request.referralId, command: close });
}
