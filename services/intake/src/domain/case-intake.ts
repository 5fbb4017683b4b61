import type { Decider } from '@acogida/core';
import { fileComplaint, provideEmergencyAssistance, resolveComplaint } from './assistance-and-complaints.ts';
import type { CaseIntakeCommand } from './case-intake-commands.ts';
import type { CaseIntakeEvent } from './case-intake-events.ts';
import { CASE_INTAKE_NOT_OPEN, type CaseIntake, evolveCaseIntake } from './case-intake-state.ts';
import { assignInterpreter, provideRightsInformation, recordFirstContact } from './first-contact.ts';
import { flagChild, flagTraffickingIndicator, recordAsylumIntent } from './protection-flags.ts';
import { assertOpen } from './refusals.ts';
import { registerPerson, screenUrgentNeeds } from './registration.ts';

function decide(command: CaseIntakeCommand, state: CaseIntake): readonly CaseIntakeEvent[] {
  if (command.type === 'RecordFirstContact') return recordFirstContact(command, state);
  assertOpen(state);
  switch (command.type) {
    case 'AssignInterpreter':
      return assignInterpreter(command, state);
    case 'ProvideRightsInformation':
      return provideRightsInformation(command, state);
    case 'RegisterPerson':
      return registerPerson(command, state);
    case 'ScreenUrgentNeeds':
      return screenUrgentNeeds(command, state);
    case 'ProvideEmergencyAssistance':
      return provideEmergencyAssistance(command, state);
    case 'RecordAsylumIntent':
      return recordAsylumIntent(command, state);
    case 'FlagChild':
      return flagChild(command, state);
    case 'FlagTraffickingIndicator':
      return flagTraffickingIndicator(command, state);
    case 'FileComplaint':
      return fileComplaint(command, state);
    case 'ResolveComplaint':
      return resolveComplaint(command, state);
  }
}

/**
 * The intake of one case (domain.md 2.1): NOT_OPEN → CONTACTED → INFORMED → REGISTERED → NEEDS_SCREENED, one step after the
 * other. Assistance, an asylum intent, flags, interpreters and complaints are taken in every open state and move nothing.
 * Repeating a recorded fact changes nothing; contradicting one is refused.
 */
export const caseIntakeDecider: Decider<CaseIntakeCommand, CaseIntake, CaseIntakeEvent> = {
  initialState: CASE_INTAKE_NOT_OPEN,
  decide,
  evolve: evolveCaseIntake,
};
