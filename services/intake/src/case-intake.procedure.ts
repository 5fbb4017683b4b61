import type { ProcedureDefinition } from '@acogida/event-store';
import type { CaseIntakeCommand } from './domain/case-intake-commands.ts';
import { CASE_INTAKE_VERSIONS, type CaseIntakeEvent } from './domain/case-intake-events.ts';
import type { CaseIntake } from './domain/case-intake-state.ts';
import { caseIntakeDecider } from './domain/case-intake.ts';
import { publishCaseIntake } from './integration/publish.ts';

/** The intake of a case as the edge runs it, on streams `case-intake-<caseId>`. */
export const caseIntake: ProcedureDefinition<CaseIntakeCommand, CaseIntake, CaseIntakeEvent> = {
  name: 'case-intake',
  decider: caseIntakeDecider,
  versions: CASE_INTAKE_VERSIONS,
  upcasters: [],
  publish: publishCaseIntake,
  caseOf: (state) => state.firstContact?.caseId ?? null,
};
