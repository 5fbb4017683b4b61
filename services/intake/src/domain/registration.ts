import { DomainError } from '@acogida/core';
import type { ChildIdentifiedV1Data, PersonRegisteredV1Data } from '@acogida/contracts';
import { isCountry, isTreatedAsChild, URGENT_NEEDS } from '@acogida/reference';
import { assertAgeBand, deriveAgeStatus, mergeChild } from './age-status.ts';
import type { RegisterPerson, ScreenUrgentNeeds } from './case-intake-commands.ts';
import type { CaseIntakeEvent, UrgentNeedAnswer, UrgentNeeds } from './case-intake-events.ts';
import type { CaseIntake } from './case-intake-state.ts';
import { LIFE_SAVING_NEEDS } from './intake-codes.ts';
import { hasReached } from './refusals.ts';
import { isSameFact } from './same-fact.ts';

/** An unassigned code would be refused in every referral of the case later, and a registration is not taken back. */
function assertNationality({ nationalities, nationalityStatus }: RegisterPerson): void {
  if (!nationalities.every(isCountry)) {
    throw new DomainError('INTAKE.NATIONALITY_UNKNOWN', 'invalid', 'a nationality is an assigned ISO 3166-1 code');
  }
  const known = nationalities.length > 0;
  const declared = nationalityStatus === 'DOCUMENTED' || nationalityStatus === 'DECLARED';
  if ((declared && !known) || (nationalityStatus === 'STATELESS' && known)) {
    throw new DomainError(
      'INTAKE.NATIONALITY_CONTRADICTION',
      'invalid',
      'the nationalities and their status contradict each other',
      { nationalityStatus },
    );
  }
}

function personOf(command: RegisterPerson, state: CaseIntake): PersonRegisteredV1Data {
  const { sex, ageBand, dobPrecision, nationalities, nationalityStatus, languages } = command;
  const stated = deriveAgeStatus(ageBand, command.ageDisputed);
  return {
    sex,
    // INV-08: somebody already flagged as a child is not registered as an adult.
    ageStatus: state.child !== null && stated === 'ADULT' ? 'DISPUTED' : stated,
    ageBand,
    dobPrecision,
    nationalities: [...new Set(nationalities)],
    nationalityStatus,
    languages: [...new Set(languages)],
  };
}

function childOf(person: PersonRegisteredV1Data, command: RegisterPerson, state: CaseIntake): CaseIntakeEvent[] {
  if (!isTreatedAsChild(person.ageStatus)) return [];
  const reported: ChildIdentifiedV1Data = {
    basis: person.ageStatus === 'CHILD' ? 'AGE' : 'DOUBT',
    careStatus: command.careStatus,
  };
  const child = mergeChild(state.child, reported);
  return isSameFact(child, state.child) ? [] : [{ type: 'ChildIdentified', data: child }];
}

/** Whether a repeated registration says what is recorded; a flag as a child since then does not make it another one. */
function isRepetition(person: PersonRegisteredV1Data, recorded: PersonRegisteredV1Data): boolean {
  return isSameFact({ ...person, ageStatus: recorded.ageStatus }, recorded);
}

/**
 * Registers the person once, after the rights information. The age status is derived: a child, or doubt, is recorded as such
 * and identified as a child in the same breath (INV-08). Neither documents nor the way of entry play a part (INV-03).
 */
export function registerPerson(command: RegisterPerson, state: CaseIntake): readonly CaseIntakeEvent[] {
  if (!hasReached(state, 'INFORMED')) {
    throw new DomainError(
      'INTAKE.RIGHTS_INFORMATION_MISSING',
      'conflict',
      'give the rights information before registering the person',
    );
  }
  assertAgeBand(command.ageBand);
  assertNationality(command);
  const person = personOf(command, state);
  const child = childOf(person, command, state);
  if (state.person === null) return [{ type: 'PersonRegistered', data: person }, ...child];
  if (isRepetition(person, state.person)) return child;
  throw new DomainError('INTAKE.PERSON_ALREADY_REGISTERED', 'conflict', 'the person was registered with other facts');
}

function assertWholeChecklist(needs: readonly UrgentNeedAnswer[]): void {
  const answered = needs.map(({ need }) => need);
  const missing = URGENT_NEEDS.filter((need) => !answered.includes(need));
  if (missing.length > 0 || answered.length !== URGENT_NEEDS.length) {
    throw new DomainError('INTAKE.NEEDS_INCOMPLETE', 'invalid', 'answer each urgent need once; UNKNOWN is an answer', {
      missing,
    });
  }
}

/** Records the whole checklist; whether it is life-saving follows from the answers. It may be repeated as needs change. */
export function screenUrgentNeeds(command: ScreenUrgentNeeds, state: CaseIntake): readonly CaseIntakeEvent[] {
  if (!hasReached(state, 'REGISTERED')) {
    throw new DomainError('INTAKE.PERSON_NOT_REGISTERED', 'conflict', 'register the person before the screening');
  }
  assertWholeChecklist(command.needs);
  const needs = URGENT_NEEDS.flatMap((need) => command.needs.filter((answer) => answer.need === need));
  const lifeSaving = needs.some(({ need, answer }) => answer === 'YES' && LIFE_SAVING_NEEDS.includes(need));
  const data: UrgentNeeds = { needs: needs.map(({ need, answer }) => ({ need, answer })), lifeSaving };
  return isSameFact(state.urgentNeeds, data) ? [] : [{ type: 'UrgentNeedsScreened', data }];
}
