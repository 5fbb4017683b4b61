import type { ConsentHistory } from '@acogida/reference';
import {
  isTellingConsent,
  judgeSharing,
  type KnownConsent,
  knownConsents,
  consentProcedure,
  namesRecipient,
  type PersonProfile,
} from '@acogida/referral';
import type { Introduction, JudgeIntroduction } from '../case-keys/key-policies.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { audiencesOf, type CircleCandidate } from '../case-keys/audiences.ts';
import type { Admission } from '../case-keys/case-circles.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { personOf } from '../egress/egress.ts';
import type { NodeContext } from '../node-definition.ts';
import { NOTHING_KNOWN } from '../referral-desk/case-facts.ts';
import { withAllNationalities } from '../referral-desk/facts-on-record.ts';
import { referralsOfCase } from './referrals-of-case.ts';

/** An agency as it is judged: listed by the directory, else an authority of its State (`LocalDirectory.recipient`). Null: it does not take part. */
export async function candidateOf(
  node: Pick<NodeContext, 'members'>,
  agencyId: string,
  lookup: KeyTurn['transaction'],
): Promise<CircleCandidate | null> {
  const presumed = presumedCandidate(node, agencyId);
  return presumed && ((await new LocalDirectory(node, lookup).agency(agencyId)) ?? presumed);
}

/** An agency of which the directory has said nothing: an authority of its State. Null: it does not take part. */
export function presumedCandidate(node: Pick<NodeContext, 'members'>, agencyId: string): CircleCandidate | null {
  const member = node.members().find((one) => one.agencyId === agencyId);
  if (member === undefined) return null;
  const { jurisdiction } = member;
  return { kind: 'SERVICE_PROVIDER', nature: 'PUBLIC_AUTHORITY', status: 'ACTIVE', jurisdiction };
}

/**
 * Lets in whom another agency has in its circle, if a consent in force names it: what it may be told is judged as if this agency
 * sent it a referral (deny rules, then consent). Of what the other gave it, as much as it may have here.
 */
export const judgeByConsent: JudgeIntroduction = async (introduction, turn) => {
  const { node, transaction, now } = turn;
  const { agency, caseId, memberKeyX } = introduction;
  const { state: register } = await node.handler.load(consentProcedure, caseId, transaction);
  // Whoever is listed for a service is chosen by a referral, and in the circle by that; and no agency brings its own consent.
  const naming = knownConsents(register).filter(
    ({ facts, recordedAt }) => namesRecipient(facts.scope, agency) && recordedAt !== agency,
  );
  if (naming.length === 0) return null;
  const candidate = await candidateOf(node, agency, transaction);
  const recipient = await new LocalDirectory(node, transaction).recipient(agency);
  if (candidate === null || recipient === null) return null;
  const person = await personOfCase(turn, caseId);
  const standing = naming.filter((consent) => {
    const question = { ...questionOf(consent), askedBy: `${node.agencyId}.judge-by-consent` };
    return judgeSharing(question, [consent], recipient, person, now).allowed;
  });
  return standing.length === 0 ? null : admissionOf(introduction, candidate, standing, memberKeyX);
};

function questionOf({ facts: { scope } }: KnownConsent) {
  const [service = null] = scope.services;
  return {
    ...({ purpose: 'REFERRAL', service, fields: ['FACTS'], history: 'CURRENT' } as const),
    ...({ isRestricted: false, basis: 'CONSENT' } as const),
  };
}

/** What is known of the person is what the referrals of the case tell. */
async function personOfCase(turn: KeyTurn, caseId: string): Promise<PersonProfile> {
  const told = (await referralsOfCase(turn, caseId)).map(({ request }) => request.facts);
  return personOf(withAllNationalities(told) ?? NOTHING_KNOWN, turn.node.jurisdiction);
}

function admissionOf(
  { agency, audiences }: Introduction,
  candidate: CircleCandidate,
  standing: readonly KnownConsent[],
  memberKeyX: string | null,
): Admission | null {
  const isTold = standing.some(({ facts: { scope } }) => isTellingConsent(scope));
  const isNamed = isTold && audiences.includes('restricted');
  const relation = { isMember: true, isNamed, jurisdictions: [], mandate: 'NONE' } as const;
  const given = audiencesOf(candidate, relation).filter((audience) => audiences.includes(audience));
  if (given.length === 0) return null;
  return { agency, role: 'MEMBER', memberKeyX, audiences: given, history: historyOf(standing) };
}

function historyOf(standing: readonly KnownConsent[]): ConsentHistory {
  return standing.some(({ facts }) => facts.scope.history === 'FROM_OPENING') ? 'FROM_OPENING' : 'CURRENT';
}
