import type { ConsentHistory, LeavingReason } from '@acogida/reference';
import { consentOf, consentProcedure, type ConsentRegister, knownConsents, type Referral } from '@acogida/referral';
import { GROUP_AUDIENCES, type GroupAudience } from '@acogida/sealing';
import { audiencesOf } from '../case-keys/audiences.ts';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import { audiencesOfMember, type CircleMember } from '../case-keys/case-keys.ts';
import { isUsableMemberKey } from '../case-keys/decide-case-keys.ts';
import type { IntroductionBook } from '../case-keys/introductions.ts';
import type { HasSay, JudgeIntroduction } from '../case-keys/key-policies.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { KnownAuditors } from '../case-keys/known-auditors.ts';
import { fallenConsent, fallenIn } from '../egress/stated-consent.ts';
import { dropAuditors, watching } from './circle-auditors.ts';
import { candidateOf } from './judge-by-consent.ts';
import { referralsOfCase } from './referrals-of-case.ts';
import { counterpartOf, isNamedByService, isServed, leavingReasonOf } from './served-referral.ts';
import { tellConsent } from './tell-consent.ts';

/** What circles are kept in step with. */
export interface CircleCareOptions {
  readonly circles: Pick<CaseCircles, 'admit' | 'remove' | 'narrow' | 'look' | 'members' | 'isReady'>;
  readonly auditors: Pick<KnownAuditors, 'of'>;
  readonly judge: JudgeIntroduction;
  /** Whom others have in their circles; nobody when left out. */
  readonly introductions?: Pick<IntroductionBook, 'of'>;
  /** Whose introductions count; nobody's when left out. */
  readonly hasSay?: HasSay;
  /** Why an agency is to be in no circle; null where nothing is against it (`AgencyStandings`), as when left out. */
  readonly leaving?: (agency: string) => LeavingReason | null;
  /** The referrals of a case that this node knows; `referralsOfCase` when left out. */
  readonly referralsOf?: typeof referralsOfCase;
  /** An agency as it is judged; `candidateOf` when left out. */
  readonly candidate?: typeof candidateOf;
}

const USUAL = {
  introductions: { of: async () => [] },
  hasSay: async () => false,
  leaving: () => null,
  referralsOf: referralsOfCase,
  candidate: candidateOf,
} satisfies Partial<CircleCareOptions>;

/**
 * Keeps the circle of a case in step with its referrals and consents (architecture.md §5): whoever takes a referral on and
 * whoever sent it read each other, as far as the consent goes, until the service ends; what a consent opened, its withdrawal
 * shuts. Everything happens in the transaction of what it follows from, and nothing a second time.
 */
export class CircleCare {
  readonly #options: Required<CircleCareOptions>;

  constructor(options: CircleCareOptions) {
    this.#options = { ...USUAL, ...options };
  }

  /** After something happened to a referral. */
  async settle(turn: KeyTurn, referral: Referral): Promise<void> {
    const { standing, members } = await this.#options.circles.look(turn, referral.request.caseId);
    if (standing !== 'OPEN') return;
    if (!isServed(referral)) return this.#leave(turn, referral, members, leavingReasonOf(referral));
    const register = await registerOf(turn, referral.request.caseId);
    const fallen = fallenIn(register, referral, turn.node);
    if (fallen === null) await this.#admit(turn, referral, members, register);
    else if (fallen === 'CONSENT.WITHDRAWN') await this.#leave(turn, referral, members, 'CONSENT_WITHDRAWN');
  }

  /**
   * After the consents of the case changed: shuts out whom nothing that stands lets in, leaves nobody more than that, and lets in
   * whom a consent names now, or opens more of the past to.
   */
  async review(turn: KeyTurn, caseId: string): Promise<void> {
    const { circles } = this.#options;
    const { standing, members: present } = await circles.look(turn, caseId);
    if (standing !== 'OPEN') return;
    const members = present.filter(({ role }) => role === 'MEMBER');
    const referrals = members.length === 0 ? [] : await this.#options.referralsOf(turn, caseId);
    for (const member of members) await this.#reviewMember(turn, caseId, member, referrals);
    await this.#reviewIntroductions(turn, caseId);
    if (members.length > 0) await dropAuditors(turn, caseId, this.#options);
  }

  async #reviewMember(
    turn: KeyTurn,
    caseId: string,
    member: CircleMember,
    referrals: readonly Referral[],
  ): Promise<void> {
    const { circles } = this.#options;
    const { agency, role, memberKeyX, history } = member;
    const standing = await this.#whatStands(turn, caseId, member, referrals);
    if (standing.audiences.size === 0) return circles.remove(turn, caseId, agency, 'CONSENT_WITHDRAWN');
    const had = audiencesOfMember(member);
    const audiences = had.filter((audience) => standing.audiences.has(audience));
    const kept = { agency, role, memberKeyX, audiences };
    if (audiences.length < had.length) await circles.narrow(turn, caseId, { ...kept, history });
    const isWidened = history === 'CURRENT' && standing.history === 'FROM_OPENING';
    if (isWidened) await circles.admit(turn, caseId, { ...kept, history: standing.history });
  }

  /** Whom others have in their circles, and a consent names by now. */
  async #reviewIntroductions(turn: KeyTurn, caseId: string): Promise<void> {
    const { circles, judge, introductions, hasSay } = this.#options;
    for (const introduction of await introductions.of(turn.transaction, caseId)) {
      if (!isUsableMemberKey(introduction.memberKeyX)) continue; // earlier releases remembered any
      const admission = await judge(introduction, turn);
      if (admission === null || !(await hasSay(turn, caseId, introduction.introducedBy))) continue;
      await circles.admit(turn, caseId, admission);
    }
  }

  async #admit(
    turn: KeyTurn,
    referral: Referral,
    members: readonly CircleMember[],
    register: ConsentRegister,
  ): Promise<void> {
    const { circles, auditors } = this.#options;
    const { caseId } = referral.request;
    const agency = counterpartOf(referral);
    const candidate = await this.#options.candidate(turn.node, agency, turn.transaction);
    if (candidate === null || this.#options.leaving(agency) !== null) return; // without a node, it answers by links
    const isNamed = isNamedByService(referral);
    const audiences = audiencesOf(candidate, { isMember: true, isNamed, jurisdictions: [], mandate: 'NONE' });
    if (audiences.length === 0) return;
    const history = await this.#historyFor(turn, referral, agency, register);
    await circles.admit(turn, caseId, { agency, role: 'MEMBER', memberKeyX: null, audiences, history });
    // Its acceptance must not wait for a key to tell it with: what is owed to it is granted when it has one.
    if (circles.isReady(agency)) await tellConsent(turn, referral, agency, register);
    const isThere = (other: string): boolean => other === agency || members.some((member) => member.agency === other);
    for (const auditor of auditors.of([turn.node.jurisdiction, candidate.jurisdiction])) {
      if (!isThere(auditor.agency)) await circles.admit(turn, caseId, watching(auditor));
    }
  }

  /** As its own consent says, or one that was given since and names the agency itself. */
  async #historyFor(
    turn: KeyTurn,
    referral: Referral,
    agency: string,
    register: ConsentRegister,
  ): Promise<ConsentHistory> {
    if (historyOf(register, referral) === 'FROM_OPENING') return 'FROM_OPENING';
    if (!knownConsents(register).some(({ facts }) => facts.scope.history === 'FROM_OPENING')) return 'CURRENT';
    const { agencyId: introducedBy } = turn.node;
    const asked = { agency, memberKeyX: null, audiences: GROUP_AUDIENCES, caseId: referral.request.caseId };
    return (await this.#options.judge({ ...asked, introducedBy }, turn))?.history ?? 'CURRENT';
  }

  /** Shuts the other agency out, unless another referral of the case between the two is served. */
  async #leave(
    turn: KeyTurn,
    referral: Referral,
    members: readonly CircleMember[],
    reason: LeavingReason,
  ): Promise<void> {
    const { circles } = this.#options;
    const { caseId, referralId } = referral.request;
    const agency = counterpartOf(referral);
    if (!members.some((member) => member.agency === agency)) return;
    const others = (await this.#options.referralsOf(turn, caseId)).filter(
      (other) => other.request.referralId !== referralId && counterpartOf(other) === agency,
    );
    for (const other of others) if (await this.#stands(turn, other)) return;
    await circles.remove(turn, caseId, agency, reason);
    await dropAuditors(turn, caseId, this.#options);
  }

  /** What its referrals and the consents that stand let a member read; no audience where they do not let it in. */
  async #whatStands(
    turn: KeyTurn,
    caseId: string,
    member: CircleMember,
    referrals: readonly Referral[],
  ): Promise<{ readonly audiences: ReadonlySet<GroupAudience>; readonly history: ConsentHistory }> {
    const { agency, memberKeyX } = member;
    const standing = new Set<GroupAudience>();
    for (const referral of referrals) {
      if (counterpartOf(referral) !== agency || !(await this.#stands(turn, referral))) continue;
      for (const audience of ['coded', 'care'] as const) standing.add(audience);
      if (isNamedByService(referral)) standing.add('restricted');
    }
    const introduction = { agency, memberKeyX, audiences: audiencesOfMember(member), caseId };
    const admission = await this.#options.judge({ ...introduction, introducedBy: turn.node.agencyId }, turn);
    for (const audience of admission?.audiences ?? []) standing.add(audience);
    return { audiences: standing, history: admission?.history ?? 'CURRENT' };
  }

  async #stands(turn: KeyTurn, referral: Referral): Promise<boolean> {
    if (!isServed(referral)) return false;
    return (await fallenConsent(turn.node, referral, turn.transaction)) !== 'CONSENT.WITHDRAWN';
  }
}

/** As the recorded consent says; one that is only stated, or stands in for a consent, opens nothing of the past. */
function historyOf(register: ConsentRegister, { request: { consent } }: Referral): ConsentHistory {
  if (consent.consentId === undefined) return 'CURRENT';
  return consentOf(register, consent.consentId)?.facts?.scope.history ?? 'CURRENT';
}

async function registerOf({ node, transaction }: KeyTurn, caseId: string): Promise<ConsentRegister> {
  return (await node.handler.load(consentProcedure, caseId, transaction)).state;
}
