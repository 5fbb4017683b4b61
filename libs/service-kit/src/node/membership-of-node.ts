import type { Clock, Ids } from '@acogida/core';
import { AgencyStandings } from '../case-keys/agency-standings.ts';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import { type KeyTurn, keyTurn } from '../case-keys/key-turn.ts';
import { type IntroductionBook, PostgresIntroductions } from '../case-keys/introductions.ts';
import type { HasSay, JudgeIntroduction } from '../case-keys/key-policies.ts';
import type { KnownAuditors } from '../case-keys/known-auditors.ts';
import type { StandingAgency } from '../case-keys/leaving-reason.ts';
import { alignCircle } from '../circle-care/align-circle.ts';
import { type AlignmentPlaces, CircleAlignment, type CircleAlignmentOptions } from '../circle-care/circle-alignment.ts';
import { CircleCare, type CircleCareOptions } from '../circle-care/circle-care.ts';
import { sayOf } from '../circle-care/has-say.ts';
import { candidateOf, judgeByConsent } from '../circle-care/judge-by-consent.ts';
import { referralsOfCase } from '../circle-care/referrals-of-case.ts';
import type { NodeContext } from '../node-definition.ts';

/** Who is in the circles of a node's cases, and what keeps it so. */
export interface NodeMembership {
  /** Keeps circles in step with referrals and consents. */
  readonly care: CircleCare;
  /** Who may be in a circle at all. */
  readonly standings: AgencyStandings;
  /** Whom another agency's circle brings: nobody who may be in none. */
  readonly judge: JudgeIntroduction;
  /** Who audits, of those that may be in a circle. */
  readonly auditors: Pick<KnownAuditors, 'of' | 'listed'>;
  /** Whose word on circles counts. */
  readonly hasSay: HasSay;
  /** Whom others have in theirs. */
  readonly introductions: IntroductionBook;
  /** Keeps circles in line with the agencies of the network; null where nobody ever leaves it. */
  readonly alignment: CircleAlignment | null;
}

/** How referrals, agencies and consents are looked up; over PostgreSQL when left out. */
export type MembershipLookups = Partial<Required<Pick<CircleCareOptions, 'referralsOf' | 'candidate' | 'judge'>>> & {
  readonly introductions?: IntroductionBook;
};

/** What membership is made of. */
export interface MembershipParts {
  readonly agencyId: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly circles: CaseCircles;
  readonly auditors: KnownAuditors;
  readonly trust: { readonly revision: number; agencies(): readonly StandingAgency[] };
  readonly lookups?: MembershipLookups;
  /** Where it is kept how far circles are in line with the network; left out where nobody ever leaves it. */
  readonly places?: AlignmentPlaces;
  /** Opens the circle of a case that has keys already (`CircleOpening.openWithin`). */
  readonly open: (turn: KeyTurn, caseId: string) => Promise<boolean>;
  /** Circles could not be brought in line now: it is tried again. */
  readonly onMisaligned?: (error: unknown) => void;
  /** Those of some cases could not; these are tried again. */
  readonly onLeftOut?: CircleAlignmentOptions['onLeftOut'];
  /** Asked once the node is made. */
  readonly context: () => NodeContext;
  readonly onEffect: () => void;
}

/** Makes what keeps membership; nothing runs yet. */
export function createMembership(parts: MembershipParts): NodeMembership {
  const { agencyId, clock, ids, circles, auditors, trust, lookups = {}, places, context } = parts;
  const { referralsOf = referralsOfCase, judge: byConsent = judgeByConsent } = lookups;
  const standings = new AgencyStandings({ agencyId, trust, auditors });
  const leaving = (agency: string) => standings.leaving(agency);
  const watching: NodeMembership['auditors'] = {
    of: (jurisdictions) => auditors.of(jurisdictions).filter(({ agency }) => leaving(agency) === null),
    listed: (agency) => auditors.listed(agency),
  };
  const judge: JudgeIntroduction = async (introduction, turn) =>
    leaving(introduction.agency) === null ? byConsent(introduction, turn) : null;
  // What the directory said last counts from when it is heard, before the row of it is written.
  const candidate: typeof candidateOf = async (node, agency, lookup) => {
    const known = await (lookups.candidate ?? candidateOf)(node, agency, lookup);
    return known === null ? null : (auditors.listed(agency) ?? known);
  };
  const hasSay = sayOf(circles);
  const introductions = lookups.introductions ?? new PostgresIntroductions();
  const kept = { introductions, hasSay };
  const care = new CircleCare({ circles, auditors: watching, judge, leaving, referralsOf, candidate, ...kept });
  const made = { care, standings, judge, auditors: watching, ...kept };
  if (places === undefined) return { ...made, alignment: null };
  const aligning = { circles, auditors: watching, care, leaving, referralsOf, open: parts.open };
  const alignment = new CircleAlignment({
    ...{ standings, places, onChanged: parts.onEffect, onError: (error) => parts.onMisaligned?.(error) },
    onLeftOut: (leftOut) => parts.onLeftOut?.(leftOut),
    align: (turn, caseId) => alignCircle(turn, caseId, aligning),
    turnIn: (transaction) => {
      const metadata = { actor: `${agencyId}.case-keys`, correlationId: ids.uuid(), causation: null };
      return keyTurn(context(), transaction, clock.now(), metadata);
    },
  });
  return { ...made, alignment };
}
