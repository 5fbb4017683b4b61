import type { LeavingReason } from '@acogida/reference';
import { audiencesOf } from '../case-keys/audiences.ts';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import { audiencesOfMember, type CircleMember } from '../case-keys/case-keys.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { KnownAuditors } from '../case-keys/known-auditors.ts';
import { dropAuditors, watching } from './circle-auditors.ts';
import type { CircleCare } from './circle-care.ts';
import type { referralsOfCase } from './referrals-of-case.ts';
import { counterpartOf, isServed } from './served-referral.ts';

/** What a circle is brought in line with. */
export interface CircleAligningOptions {
  readonly circles: Pick<CaseCircles, 'admit' | 'remove' | 'narrow' | 'standing' | 'members' | 'everybody'>;
  readonly auditors: Pick<KnownAuditors, 'of' | 'listed'>;
  readonly care: Pick<CircleCare, 'settle' | 'review'>;
  /** Why an agency is to be in no circle; null where nothing is against it (`AgencyStandings`). */
  readonly leaving: (agency: string) => LeavingReason | null;
  readonly referralsOf: typeof referralsOfCase;
  /** Opens the circle of a case that has keys already; says whether it has (`CircleOpening.openWithin`). */
  readonly open: (turn: KeyTurn, caseId: string) => Promise<boolean>;
}

/** Leaving for these lasts as long as the reason does. */
const PASSING: readonly LeavingReason[] = ['AGENCY_SUSPENDED', 'AGENCY_CLOSED', 'KEY_REVOKED'];

/**
 * Brings the circle of a case in line with who takes part in the network and who audits now (architecture.md §5): an agency that was
 * suspended, closed or whose keys were revoked is shut out; one that takes part and serves the person is in, wherever it was before;
 * auditors that came later are granted what is on record, those whose mandate ended go. Done again, it changes nothing.
 *
 * @returns whether anything was changed
 */
export async function alignCircle(turn: KeyTurn, caseId: string, options: CircleAligningOptions): Promise<boolean> {
  const { circles } = options;
  const standing = await circles.standing(turn, caseId);
  const isOpened = standing === 'NONE' && (await openForServed(turn, caseId, options));
  if (standing !== 'OPEN' && !isOpened) return false;
  const before = await circles.members(turn, caseId);
  for (const member of before) await alignMember(turn, caseId, member, options);
  await letBackIn(turn, caseId, options);
  await alignAuditors(turn, caseId, options);
  return isOpened || placesOf(before) !== placesOf(await circles.members(turn, caseId));
}

/** Earlier releases kept no circles: whoever serves the person since then is not to wait for the next word of the case. */
async function openForServed(
  turn: KeyTurn,
  caseId: string,
  { referralsOf, open }: CircleAligningOptions,
): Promise<boolean> {
  return (await referralsOf(turn, caseId)).some(isServed) && open(turn, caseId);
}

function placesOf(members: readonly CircleMember[]): string {
  return JSON.stringify(
    members.map(({ agency, role, audiences, admittedAt }) => [agency, role, audiences, admittedAt]),
  );
}

/** Shuts out whoever takes part no more, and takes from an agency what it may not read as what it is listed now (INV-17). */
async function alignMember(
  turn: KeyTurn,
  caseId: string,
  member: CircleMember,
  { circles, auditors, leaving }: CircleAligningOptions,
): Promise<void> {
  const { agency, role } = member;
  const reason = leaving(agency);
  if (reason !== null) return circles.remove(turn, caseId, agency, reason);
  const candidate = auditors.listed(agency);
  if (role === 'AUDITOR' || candidate === undefined) return;
  const had = audiencesOfMember(member);
  const relation = { isMember: true, isNamed: had.includes('restricted'), jurisdictions: [], mandate: 'NONE' } as const;
  const allowed = audiencesOf(candidate, relation);
  const audiences = had.filter((audience) => allowed.includes(audience));
  if (audiences.length === had.length) return;
  const { memberKeyX, history } = member;
  await circles.narrow(turn, caseId, { agency, role, memberKeyX, audiences, history });
}

async function letBackIn(turn: KeyTurn, caseId: string, options: CircleAligningOptions): Promise<void> {
  const { circles, care, leaving, referralsOf } = options;
  const known = new Map((await circles.everybody(turn, caseId)).map((member) => [member.agency, member]));
  const mayReturn = (agency: string): boolean => leaving(agency) === null && isPassing(known.get(agency)?.leftFor);
  // Also who took a referral on while it was suspended, or before there were circles: it was never in, or only to audit.
  const isOutside = (agency: string): boolean => leaving(agency) === null && known.get(agency)?.role !== 'MEMBER';
  for (const referral of await referralsOf(turn, caseId)) {
    const agency = counterpartOf(referral);
    if (isServed(referral) && (mayReturn(agency) || isOutside(agency))) await care.settle(turn, referral);
  }
  const isBack = [...known.values()].some(({ agency, role }) => role === 'MEMBER' && mayReturn(agency));
  if (isBack) await care.review(turn, caseId); // whom others have in their circles
}

function isPassing(reason: LeavingReason | undefined): boolean {
  return reason !== undefined && PASSING.includes(reason);
}

async function alignAuditors(turn: KeyTurn, caseId: string, options: CircleAligningOptions): Promise<void> {
  const { circles } = options;
  const { present, wanted } = await dropAuditors(turn, caseId, options);
  for (const auditor of wanted) {
    const known = present.find(({ agency }) => agency === auditor.agency);
    if (known?.role === 'MEMBER') continue;
    const had = known === undefined ? [] : audiencesOfMember(known);
    const isLess = had.some((audience) => !auditor.audiences.includes(audience));
    if (isLess) await circles.narrow(turn, caseId, watching(auditor));
    else if (had.length < auditor.audiences.length) await circles.admit(turn, caseId, watching(auditor));
  }
}
