import type { Transaction } from '@acogida/event-store';
import {
  type AccessEffect,
  accessEffectOf,
  type Candidate,
  consentProcedure,
  type ConsentRegister,
  type DirectoryView,
  judgeReferral,
  type KnownAgency,
  type ReferralFacts,
  type RoutedPerson,
  type RoutingQuestion,
  type SharedReferral,
  type SharingVerdict,
  whoCanTake,
} from '@acogida/referral';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { personOf } from '../egress/egress.ts';
import type { NodeContext } from '../node-definition.ts';

/** Who can take this referral? */
export interface CandidatesQuestion {
  /** `receiver` null: whoever can. Else the agency that the consent, as far as it is stated in words, was given for. */
  readonly referral: Omit<SharedReferral, 'referralId' | 'sender' | 'receiver' | 'requestedAt'> & {
    readonly receiver: string | null;
  };
  readonly facts: ReferralFacts;
  readonly urgency: RoutingQuestion['urgency'];
  /** Where the person is, ISO 3166-1 alpha-2, and in which part of the country; null when that does not matter. */
  readonly country: string;
  readonly area: string | null;
  readonly stage: RoutedPerson['stage'];
  /** ISO 639-3. */
  readonly languages: RoutedPerson['languages'];
  readonly family: RoutingQuestion['family'];
  /** Agencies that were asked before and are not to be asked again. */
  readonly exclude: readonly string[];
  /** Token subject of whoever asks, or the policy's name. */
  readonly askedBy: string;
}

/** A service, whether it can take the referral, and what it would read if it did. */
export interface RoutedCandidate extends Candidate {
  readonly verdict: SharingVerdict;
  readonly access: AccessEffect;
}

/** A verdict on an agency that the directory lists a service of, and that itself is neither listed nor takes part. */
const UNKNOWN_AGENCY: SharingVerdict = {
  ...{ allowed: false, fields: [], consentId: null, refusals: ['DENY.CONSULATE'], asOf: null, needs: [] },
};

function routingQuestion(question: CandidatesQuestion, from: string, at: string): RoutingQuestion {
  const { referral, facts, urgency, country, area, stage, languages, family, exclude } = question;
  const { sex, ageStatus, ageBand, nationalities } = facts;
  return {
    ...{ service: referral.service, basis: referral.consent.basis, urgency, country, area, family, exclude, from, at },
    person: { sex, ageStatus, ageBand, nationalities, stage, languages },
  };
}

/**
 * Who can take a referral, and of every other service why it cannot, from what this node knows itself: the directory as it was
 * heard of, and the consents of the case. Deny rules and consent are judged as they are when it is sent (`judgeReferral`), so
 * nobody is proposed to whom it would then be refused. Nothing is recorded, and no question leaves the node.
 *
 * @param lookup the node's pool
 * @param transaction where it is asked in one (a policy, a deadline): everything is then read in it
 */
export async function candidatesFor(
  node: NodeContext,
  question: CandidatesQuestion,
  { lookup, transaction }: { readonly lookup: Pick<Transaction, 'query'>; readonly transaction?: Transaction },
): Promise<readonly RoutedCandidate[]> {
  const directory = new LocalDirectory(node, transaction ?? lookup);
  const view = await viewOfStanding(directory);
  const recipients = await directory.recipients();
  const { state: register } = await node.handler.load(consentProcedure, question.referral.caseId, transaction);
  const verdicts = new Map<string, SharingVerdict>();
  const verdictOf = (agencyId: string): SharingVerdict => {
    const known = verdicts.get(agencyId) ?? judge(node, question, register, recipients.get(agencyId));
    verdicts.set(agencyId, known);
    return known;
  };
  const asked = routingQuestion(question, node.agencyId, node.clock.now());
  return whoCanTake(asked, view, verdictOf).map((candidate) => {
    const verdict = verdictOf(candidate.agencyId);
    const nature = recipients.get(candidate.agencyId)?.nature ?? 'CONSULATE';
    return { ...candidate, verdict, access: accessEffectOf(question.referral, { nature }, verdict) };
  });
}

/** With the agencies that the roots revoked, or that were succeeded, as closed: the directory may not have said it. */
async function viewOfStanding(directory: LocalDirectory): Promise<DirectoryView> {
  const view = await directory.view();
  const hasLeft = (agency: KnownAgency): boolean => directory.leavingReasonOf(agency.agencyId, agency) !== null;
  const agencies = view.agencies.map((agency) => (hasLeft(agency) ? { ...agency, status: 'CLOSED' as const } : agency));
  return { ...view, agencies };
}

function judge(
  { agencyId, jurisdiction, clock }: NodeContext,
  { referral, facts, country, askedBy }: CandidatesQuestion,
  register: ConsentRegister,
  recipient: Parameters<typeof judgeReferral>[1]['recipient'] | undefined,
): SharingVerdict {
  if (recipient === undefined) return UNKNOWN_AGENCY;
  const at = clock.now();
  const receiver = referral.receiver ?? recipient.agencyId;
  const shared = { ...referral, receiver, referralId: referral.caseId, sender: agencyId, requestedAt: at };
  const person = personOf(facts, country);
  return judgeReferral(shared, { register, recipient, person, country: jurisdiction, askedBy, at });
}
