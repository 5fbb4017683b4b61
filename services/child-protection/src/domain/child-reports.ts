import type { ReportChild } from './child-case-commands.ts';
import type { ChildCaseEvent } from './child-case-events.ts';
import type { ChildCase } from './child-case-state.ts';
import { guardianDue } from './guardian-due.ts';
import { lostCarers, withoutLostCarer } from './lost-carer.ts';
import { isLess, situationOf } from './situations.ts';

type Events = readonly ChildCaseEvent[];

/** A word that was said before a supervisor found less, or the case ended: nobody who decided on that knew it. */
function heardLate({ careStatus, saidAt, at: heardAt }: ReportChild, state: ChildCase): Events {
  if (!isLess(state.situation, situationOf(careStatus))) return [];
  if (state.heard.some((one) => one.careStatus === careStatus && one.saidAt === saidAt)) return [];
  return [{ type: 'ReportHeardLate', data: { careStatus, saidAt, heardAt } }];
}

/**
 * What another agency's word of a child changes. What a supervisor has found since is not undone by a word that was said before it, nor
 * is a case taken up again by one; it leaves a trace where it says more. Whom another authority for children has taken over, is its to
 * speak of.
 */
export function report(command: ReportChild, state: ChildCase): Events {
  const { childCaseId, caseId, country, basis, careStatus, saidAt, byChildAuthority, at } = command;
  if (byChildAuthority && state.closing?.reason === 'TRANSFERRED') return [];
  const since = state.closing?.closedAt ?? state.loweredAt;
  if (since !== null && saidAt <= since) return heardLate(command, state);
  const situation = situationOf(careStatus);
  if (state.subject === null || state.closing !== null) {
    const guardianDueAt = guardianDue(situation, state, country, at);
    const data = { childCaseId, caseId, country, basis, careStatus, situation, saidAt, reportedAt: at, guardianDueAt };
    return [{ type: 'ChildReported', data }];
  }
  if (!isLess(state.situation, situation)) return [];
  const after = withoutLostCarer(state, { situation, basis: 'REPORTED_ELSEWHERE' });
  const guardianDueAt = guardianDue(situation, after, country, at);
  const changed = { before: state.situation, situation, basis: 'REPORTED_ELSEWHERE', changedAt: at } as const;
  return [
    { type: 'SituationChanged', data: { ...changed, guardianDueAt, heard: { careStatus, saidAt } } },
    ...lostCarers(state, after, at, guardianDueAt),
  ];
}
