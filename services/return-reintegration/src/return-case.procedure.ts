import type { ProcedureDefinition } from '@acogida/event-store';
import { returnCaseDecider } from './domain/return-case.ts';
import type { ReturnCaseCommand } from './domain/return-case-commands.ts';
import { RETURN_CASE_VERSIONS, type ReturnCaseEvent } from './domain/return-case-events.ts';
import type { ReturnCase } from './domain/return-case-state.ts';
import { publishReturnCase } from './integration/publish.ts';

/** The procedure as the edge runs it, on streams `return-case-<returnCaseId>`. */
export const returnCaseProcedure: ProcedureDefinition<ReturnCaseCommand, ReturnCase, ReturnCaseEvent> = {
  name: 'return-case',
  decider: returnCaseDecider,
  versions: RETURN_CASE_VERSIONS,
  upcasters: [],
  publish: publishReturnCase,
  caseOf: (state) => state.application?.caseId ?? null,
};
