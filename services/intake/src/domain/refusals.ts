import { DomainError, type Instant } from '@acogida/core';
import { isPartialDate } from '@acogida/reference';
import { type CaseIntake, INTAKE_STAGES, type IntakeStage } from './case-intake-state.ts';

/** Refuses a date that is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or that begins after `at`; null (unknown) passes. */
export function assertPartialDate(date: string | null, at: Instant): void {
  if (date === null) return;
  if (!isPartialDate(date)) {
    throw new DomainError('INTAKE.DATE_INVALID', 'invalid', 'a date is YYYY, YYYY-MM or YYYY-MM-DD');
  }
  if (date > at.slice(0, date.length)) {
    throw new DomainError('INTAKE.DATE_IN_FUTURE', 'invalid', 'nothing can be recorded before it happened');
  }
}

/** Refuses what needs an open case. @throws DomainError INTAKE.CASE_UNKNOWN */
export function assertOpen(state: CaseIntake): void {
  if (state.stage === 'NOT_OPEN')
    throw new DomainError('INTAKE.CASE_UNKNOWN', 'not-found', 'no such case at this agency');
}

/** Whether the intake has come at least as far as `stage`. */
export function hasReached(state: CaseIntake, stage: IntakeStage): boolean {
  return INTAKE_STAGES.indexOf(state.stage) >= INTAKE_STAGES.indexOf(stage);
}
