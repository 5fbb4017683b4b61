import { DomainError } from '@acogida/core';
import type { AssignInterpreter, ProvideRightsInformation, RecordFirstContact } from './case-intake-commands.ts';
import type { CaseIntakeEvent, FirstContact, RightsInformationFacts } from './case-intake-events.ts';
import type { CaseIntake } from './case-intake-state.ts';
import { type InterpreterMode, MANDATORY_TOPICS } from './intake-codes.ts';
import { assertPartialDate } from './refusals.ts';
import { isSameFact } from './same-fact.ts';

/** Opens the case once; how the person entered plays no part in it (INV-03). */
export function recordFirstContact(command: RecordFirstContact, state: CaseIntake): readonly CaseIntakeEvent[] {
  const { caseId, place, channel, contactedOn, entryMode, entryOn } = command;
  assertPartialDate(contactedOn, command.at);
  assertPartialDate(entryOn, command.at);
  const data: FirstContact = { caseId, place, channel, contactedOn, entryMode, entryOn };
  if (state.firstContact === null) return [{ type: 'FirstContactRecorded', data }];
  if (isSameFact(state.firstContact, data)) return [];
  throw new DomainError('INTAKE.CASE_ALREADY_OPEN', 'conflict', 'first contact was recorded with other facts');
}

function noInterpreter(command: AssignInterpreter, state: CaseIntake): readonly CaseIntakeEvent[] {
  const { language, mode } = command;
  const data = { language, mode };
  if (state.interpreterGaps.some((gap) => isSameFact(gap, data))) return [];
  return [{ type: 'InterpreterUnavailable', data }];
}

/**
 * Assigns an interpreter of the pool, or records that the person refuses one (who is then never assigned again here) or that
 * none was to be had. Relatives, co-travellers and officials of the country of origin are never assigned (INV-18).
 */
export function assignInterpreter(command: AssignInterpreter, state: CaseIntake): readonly CaseIntakeEvent[] {
  const { language, mode, interpreter, refusedByPerson } = command;
  if (interpreter === null) return noInterpreter(command, state);
  const { interpreterId, relation } = interpreter;
  const refusedBefore = state.refusedInterpreters.includes(interpreterId);
  if (refusedByPerson) {
    return refusedBefore ? [] : [{ type: 'InterpreterRefused', data: { interpreterId, language } }];
  }
  if (relation !== 'INDEPENDENT') {
    throw new DomainError('INTAKE.INTERPRETER_NOT_INDEPENDENT', 'invalid', 'the interpreter must be independent', {
      relation,
    });
  }
  if (refusedBefore) {
    throw new DomainError('INTAKE.INTERPRETER_REFUSED', 'conflict', 'the person refused this interpreter');
  }
  const data = { interpreterId, language, mode };
  if (state.interpreters.some((assigned) => isSameFact(assigned, data))) return [];
  return [{ type: 'InterpreterAssigned', data }];
}

function interpreterOf(language: string, mode: InterpreterMode, state: CaseIntake): string {
  const assigned = state.interpreters.find((candidate) => candidate.language === language && candidate.mode === mode);
  if (assigned !== undefined) return assigned.interpreterId;
  throw new DomainError('INTAKE.INTERPRETER_NOT_ASSIGNED', 'conflict', 'assign the interpreter first', {
    language,
    mode,
  });
}

function assertMandatoryTopics(command: ProvideRightsInformation, state: CaseIntake): void {
  const inDetention = state.firstContact?.channel === 'DETENTION';
  const mandatory = inDetention ? [...MANDATORY_TOPICS, 'DETENTION_RIGHTS' as const] : MANDATORY_TOPICS;
  const missing = mandatory.filter((topic) => !command.topics.includes(topic));
  if (missing.length > 0) {
    throw new DomainError('INTAKE.MANDATORY_TOPICS_MISSING', 'invalid', 'mandatory topics are missing', { missing });
  }
}

/** Records information given in a language that the person understands, with the interpreter who carried it (INV-18). */
export function provideRightsInformation(
  command: ProvideRightsInformation,
  state: CaseIntake,
): readonly CaseIntakeEvent[] {
  const { language, interpretation, topics, packageVersion } = command;
  if (!command.understood) {
    throw new DomainError('INTAKE.LANGUAGE_NOT_UNDERSTOOD', 'invalid', 'use a language that the person understands', {
      language,
    });
  }
  assertMandatoryTopics(command, state);
  const spoken = interpretation === 'IN_PERSON' || interpretation === 'REMOTE';
  const interpreterId = spoken ? interpreterOf(language, interpretation, state) : null;
  const data: RightsInformationFacts = {
    language,
    interpretation,
    interpreterId,
    topics: [...new Set(topics)],
    packageVersion,
  };
  if (state.rightsInformation.some((given) => isSameFact(given, data))) return [];
  return [{ type: 'RightsInformationProvided', data }];
}
