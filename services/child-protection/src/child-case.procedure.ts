import type { ProcedureDefinition } from '@acogida/event-store';
import { nameBasedId } from '@acogida/service-kit';
import type { ChildCaseCommand } from './domain/child-case-commands.ts';
import { CHILD_CASE_VERSIONS, type ChildCaseEvent } from './domain/child-case-events.ts';
import type { ChildCase } from './domain/child-case-state.ts';
import { childCaseDecider } from './domain/child-case.ts';
import { publishChildCase } from './integration/publish.ts';

/** The procedure as the edge runs it, on streams `child-case-<childCaseId>`. */
export const childCaseProcedure: ProcedureDefinition<ChildCaseCommand, ChildCase, ChildCaseEvent> = {
  name: 'child-case',
  decider: childCaseDecider,
  versions: CHILD_CASE_VERSIONS,
  upcasters: [],
  publish: publishChildCase,
  caseOf: (state) => state.subject?.caseId ?? null,
};

/** Namespace of the ids of child cases. */
const NAMESPACE = 'a5a4a5c2-3f0f-4a7f-9d62-5b40a6ac6a55';

/** The id of the case of a child at an agency: there is one, so that what is heard and what is found meet in one stream. */
export function childCaseIdOf(agencyId: string, caseId: string): string {
  return nameBasedId(NAMESPACE, [agencyId, caseId]);
}
