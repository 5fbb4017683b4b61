import type { ConsentHistory, LeavingReason } from '@acogida/reference';
import { consentOf, consentProcedure, type Referral } from '@acogida/referral';
import { audiencesOf } from '../case-keys/audiences.ts';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import { audiencesOfMember, type CircleMember } from '../case-keys/case-keys.ts';
import type { JudgeIntroduction } from '../case-keys/key-policies.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { KnownAuditors } from '../case-keys/known-auditors.ts';
import { fallenConsent } from '../egress/stated-consent.ts';
import { candidateOf } from './judge-by-consent.ts';
import { referralsOfCase } from './referrals-of-case.ts';
import { counterpartOf, isNamedByService, isServed, leavingReasonOf } from './served-referral.ts';
import { tellConsent } from './tell-consent.ts';

/** What circles are kept in step with. */
export interface CircleCareOptions {
  readonly circles: Pick<CaseCircles, 'admit' | 'remove' | 'standing' | 'members' | 'isReady'>;
  readonly auditors: Pick<KnownAuditors, 'of'>;
  readonly judge: JudgeIntroduction;
}

/**
 * Keeps the circle of a case in step with its referrals and consents (architecture.md §5): whoever takes a referral on and
 * whoever sent it read each other, as far as the consent goes, until the service ends; what a consent opened, its withdrawal
 * shuts. Everything happens in the transaction of what it follows from, and nothing a second time.
 */
export class CircleCare {
  readonly #options: CircleCareOptions;

  constructor(options: CircleCareOptions) {
    this.#options = options;
  }

  /** After something happened to a referral. */
  async settle(turn: KeyTurn, referral: Referral): Promise<void> {
    const { circles } = this.#options;
    const { caseId } = referral.request;
    if ((await circles.standing(turn, caseId)) !== 'OPEN') return;
    if (!isServed(referral)) return this.#leave(turn, referral, leavingReasonOf(referral));
    const fallen = await fallenConsent(turn.node, referral, turn.transaction);
    if (fallen === null) await this.#admit(turn, referral);
    else if (fallen === 'CONSENT.WITHDRAWN') await this.#leave(turn, referral, 'CONSENT_WITHDRAWN');
  }

  /** After a consent of the case was withdrawn: shuts out whom nothing that stands lets in. */
  async review(turn: KeyTurn, caseId: string): Promise<void> {
    const { circles } = this.#options;
    if ((await circles.standing(turn, caseId)) !== 'OPEN') return;
    const members = (await circles.members(turn, caseId)).filter(({ role }) => role === 'MEMBER');
    for (const member of members) {
      if (await this.#isLetIn(turn, caseId, member)) continue;
      await circles.remove(turn, caseId, member.agency, 'CONSENT_WITHDRAWN');
    }
    if (members.length > 0) await this.#reviewAuditors(turn, caseId);
  }

  async #admit(turn: KeyTurn, referral: Referral): Promise<void> {
    const { circles, auditors } = this.#options;
    const { caseId } = referral.request;
    const agency = counterpartOf(referral);
    const candidate = await candidateOf(turn.node, agency, turn.transaction);
    if (candidate === null) return; // it has no node: it answers by links
    const isNamed = isNamedByService(referral);
    const audiences = audiencesOf(candidate, { isMember: true, isNamed, jurisdictions: [], mandate: 'NONE' });
    if (audiences.length === 0) return;
    const history = await historyOf(turn, referral);
    await circles.admit(turn, caseId, { agency, role: 'MEMBER', memberKeyX: null, audiences, history });
    // Its acceptance must not wait for a key to tell it with: what is owed to it is granted when it has one.
    if (circles.isReady(agency)) await tellConsent(turn, referral, agency);
    const known = new Set((await circles.members(turn, caseId)).map((member) => member.agency));
    for (const auditor of auditors.of([turn.node.jurisdiction, candidate.jurisdiction])) {
      if (known.has(auditor.agency)) continue;
      const watching = { role: 'AUDITOR', memberKeyX: null, history: 'FROM_OPENING' } as const;
      await circles.admit(turn, caseId, { ...auditor, ...watching });
    }
  }

  /** Shuts the other agency out, unless another referral of the case between the two is served. */
  async #leave(turn: KeyTurn, referral: Referral, reason: LeavingReason): Promise<void> {
    const { circles } = this.#options;
    const { caseId, referralId } = referral.request;
    const agency = counterpartOf(referral);
    const members = await circles.members(turn, caseId);
    if (!members.some((member) => member.agency === agency)) return;
    const others = (await referralsOfCase(turn, caseId)).filter(
      (other) => other.request.referralId !== referralId && counterpartOf(other) === agency,
    );
    for (const other of others) if (await this.#stands(turn, other)) return;
    await circles.remove(turn, caseId, agency, reason);
    await this.#reviewAuditors(turn, caseId);
  }

  async #isLetIn(turn: KeyTurn, caseId: string, member: CircleMember): Promise<boolean> {
    const { agency, memberKeyX } = member;
    for (const referral of await referralsOfCase(turn, caseId)) {
      if (counterpartOf(referral) === agency && (await this.#stands(turn, referral))) return true;
    }
    const introduction = { agency, memberKeyX, audiences: audiencesOfMember(member), caseId };
    return (await this.#options.judge({ ...introduction, introducedBy: turn.node.agencyId }, turn)) !== null;
  }

  async #stands(turn: KeyTurn, referral: Referral): Promise<boolean> {
    if (!isServed(referral)) return false;
    return (await fallenConsent(turn.node, referral, turn.transaction)) !== 'CONSENT.WITHDRAWN';
  }

  /** Whoever audited a member's jurisdiction goes with the last member of it. */
  async #reviewAuditors(turn: KeyTurn, caseId: string): Promise<void> {
    const { circles, auditors } = this.#options;
    const present = await circles.members(turn, caseId);
    const agencies = new Set(present.filter(({ role }) => role === 'MEMBER').map(({ agency }) => agency));
    const jurisdictions = turn.node.members().flatMap((one) => (agencies.has(one.agencyId) ? [one.jurisdiction] : []));
    const auditing = new Set(auditors.of([turn.node.jurisdiction, ...jurisdictions]).map(({ agency }) => agency));
    for (const { agency, role } of present) {
      if (role === 'AUDITOR' && !auditing.has(agency)) await circles.remove(turn, caseId, agency, 'SERVICE_ENDED');
    }
  }
}

/** As the recorded consent says; one that is only stated, or stands in for a consent, opens nothing of the past. */
async function historyOf({ node, transaction }: KeyTurn, { request }: Referral): Promise<ConsentHistory> {
  const { consentId } = request.consent;
  if (consentId === undefined) return 'CURRENT';
  const { state: register } = await node.handler.load(consentProcedure, request.caseId, transaction);
  return consentOf(register, consentId)?.facts?.scope.history ?? 'CURRENT';
}
