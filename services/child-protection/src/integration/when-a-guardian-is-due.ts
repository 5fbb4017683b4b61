import { type AnyDeadlineRule, type Deadline, deadlineRule } from '@acogida/service-kit';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCase } from '../domain/child-case-state.ts';

/** What of a child's case comes due: its guardian, once. */
export function childDeadlinesOf({ guardianDueAt, isGuardianOverdue }: ChildCase): readonly Deadline<'GUARDIAN'>[] {
  return guardianDueAt === null || isGuardianOverdue ? [] : [{ kind: 'GUARDIAN', dueAt: guardianDueAt }];
}

/** A child without a guardian in time is a matter of the supervisor, and the agencies named for it hear of it; H-11 stands all the same. */
export const whenAGuardianIsDue: AnyDeadlineRule = deadlineRule({
  procedure: childCaseProcedure,
  revision: 1,
  openIn: childDeadlinesOf,
  handle: async ({ id }, { now, run }) => {
    await run({ procedure: childCaseProcedure, id, command: { type: 'NoteGuardianOverdue', at: now } });
  },
});
