import { custodyProcedure } from '@acogida/referral';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import type { HasSay } from '../case-keys/key-policies.ts';

/**
 * Whose word on who reads a case along counts here: each agency speaks of its own circle, so it must be one that this agency let
 * into the circle of the same case, or the custodian; of an agency that was let in and is gone, its successor. Anybody else may
 * know the case by name, or make up keys for it, and is no party to it.
 */
export function sayOf(circles: Pick<CaseCircles, 'everybody'>): HasSay {
  return async (turn, caseId, agency) => {
    const { node, transaction } = turn;
    const members = (await circles.everybody(turn, caseId)).filter(({ role }) => role === 'MEMBER');
    if (members.some((member) => member.agency === agency && member.leftAt === null)) return true;
    const taken = node.members().flatMap(({ agencyId, successor }) => (successor === agency ? [agencyId] : []));
    if (members.some((member) => taken.includes(member.agency))) return true;
    const { state: custody } = await node.handler.load(custodyProcedure, caseId, transaction);
    return custody?.holder === agency;
  };
}
