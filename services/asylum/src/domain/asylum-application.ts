import { type Decider, DomainError, type Instant } from '@acogida/core';
import { type CalendarDate, calendarDateIn, isPartialDate } from '@acogida/reference';
import type { AsylumApplicationEvent, LodgedApplication, Registration } from './asylum-application-events.ts';
import { APPLICATION_NOT_LODGED, type AsylumApplication, evolveAsylumApplication } from './asylum-application-state.ts';
import { decideBy, fileBy, ratifyBy } from './filing-limits.ts';
import type { LateFilingReason } from './late-filing-reasons.ts';

interface Command<T extends string> {
  readonly type: T;
  /** When it is recorded; no date in the command may lie after it in the country. */
  readonly at: Instant;
}

/** Lodges an application: the limits are computed from the country's parameters, never taken. */
export interface LodgeApplication
  extends Command<'LodgeApplication'>, Omit<LodgedApplication, 'fileBy' | 'late' | 'ratifyBy'> {}

/** The person confirms what a third party lodged for them. */
export interface RatifyApplication extends Command<'RatifyApplication'> {
  readonly ratifiedOn: CalendarDate;
}

/** An officer decides on the cause of a late filing. */
export interface JustifyLateFiling extends Command<'JustifyLateFiling'> {
  readonly reason: LateFilingReason;
  readonly accepted: boolean;
}

/** Gives the application its file. */
export interface RegisterApplication extends Command<'RegisterApplication'>, Omit<Registration, 'decideBy'> {}

/** Everything that can be asked of one application so far (domain.md 2.3). */
export type AsylumApplicationCommand = LodgeApplication | RatifyApplication | JustifyLateFiling | RegisterApplication;

type Lodged = AsylumApplication & { readonly lodged: LodgedApplication };

function assertDate(date: CalendarDate, at: Instant, country: string | null): void {
  if (date.length !== 'YYYY-MM-DD'.length || !isPartialDate(date)) {
    throw new DomainError('ASYLUM.DATE_INVALID', 'invalid', 'the date must be YYYY-MM-DD');
  }
  if (date > calendarDateIn(country ?? '', at)) {
    throw new DomainError('ASYLUM.DATE_IN_FUTURE', 'invalid', 'nothing can be recorded before it happened');
  }
}

function assertNotBeforeLodging(date: CalendarDate, state: Lodged): void {
  if (date < state.lodged.lodgedOn) {
    throw new DomainError('ASYLUM.DATE_BEFORE_LODGING', 'invalid', 'the date lies before the lodging');
  }
}

function assertEntry(enteredOn: string | null, lodgedOn: CalendarDate): void {
  if (enteredOn === null) return;
  if (!isPartialDate(enteredOn)) {
    throw new DomainError('ASYLUM.DATE_INVALID', 'invalid', 'a date is YYYY, YYYY-MM or YYYY-MM-DD');
  }
  if (enteredOn > lodgedOn.slice(0, enteredOn.length)) {
    throw new DomainError('ASYLUM.ENTRY_AFTER_LODGING', 'invalid', 'the entry lies after the lodging');
  }
}

function isSameLodging(left: LodgedApplication, right: LodgedApplication): boolean {
  return (Object.keys(right) as (keyof LodgedApplication)[]).every((key) => left[key] === right[key]);
}

function lodge(command: LodgeApplication, state: AsylumApplication): readonly AsylumApplicationEvent[] {
  const { applicationId, caseId, referralId, country, form, lodgedBy, lodgedOn, enteredOn } = command;
  assertDate(lodgedOn, command.at, country);
  assertEntry(enteredOn, lodgedOn);
  const limit = fileBy(country, enteredOn, lodgedOn);
  const data: LodgedApplication = {
    applicationId,
    caseId,
    referralId,
    country,
    form,
    lodgedBy,
    lodgedOn,
    enteredOn,
    fileBy: limit,
    late: limit !== null && lodgedOn > limit,
    ratifyBy: ratifyBy(country, lodgedBy, lodgedOn),
  };
  if (state.lodged === null) return [{ type: 'ApplicationLodged', data }];
  if (isSameLodging(state.lodged, data)) return [];
  throw new DomainError('ASYLUM.APPLICATION_ALREADY_LODGED', 'conflict', 'the application was lodged with other facts');
}

/** Ratification after its limit is recorded as late and taken: a missed limit of the person never ends a claim (domain.md 3). */
function ratify(command: RatifyApplication, state: Lodged): readonly AsylumApplicationEvent[] {
  const { ratifiedOn } = command;
  if (state.lodged.lodgedBy !== 'THIRD_PARTY') {
    throw new DomainError('ASYLUM.RATIFICATION_NOT_NEEDED', 'conflict', 'only what a third party lodged is ratified');
  }
  assertDate(ratifiedOn, command.at, state.lodged.country);
  assertNotBeforeLodging(ratifiedOn, state);
  if (state.ratified?.ratifiedOn === ratifiedOn) return [];
  if (state.ratified !== null) {
    throw new DomainError('ASYLUM.ALREADY_RATIFIED', 'conflict', 'the application was ratified on another day');
  }
  const late = state.lodged.ratifyBy !== null && ratifiedOn > state.lodged.ratifyBy;
  return [{ type: 'ApplicationRatified', data: { ratifiedOn, late } }];
}

/** A refused cause may be accepted later; an accepted one is not taken back. */
function justifyLateFiling(command: JustifyLateFiling, state: Lodged): readonly AsylumApplicationEvent[] {
  const { reason, accepted } = command;
  if (state.lateFiling === 'NOT_LATE') {
    throw new DomainError('ASYLUM.NOT_LATE', 'conflict', 'the application was lodged in time');
  }
  if (state.lateFiling === (accepted ? 'ACCEPTED' : 'REFUSED') && state.lateFilingReason === reason) return [];
  if (state.lateFiling === 'ACCEPTED') {
    throw new DomainError('ASYLUM.LATE_FILING_ALREADY_ACCEPTED', 'conflict', 'the late filing was accepted');
  }
  return [{ type: accepted ? 'LateFilingAccepted' : 'LateFilingRefused', data: { reason } }];
}

/** Late filing plays no part here: it is never an automatic bar (domain.md 2.3). */
function register(command: RegisterApplication, state: Lodged): readonly AsylumApplicationEvent[] {
  const { fileNumber, registeredOn } = command;
  const { lodged, registration } = state;
  assertDate(registeredOn, command.at, lodged.country);
  assertNotBeforeLodging(registeredOn, state);
  if (registration?.fileNumber === fileNumber && registration.registeredOn === registeredOn) return [];
  if (registration !== null) {
    throw new DomainError('ASYLUM.ALREADY_REGISTERED', 'conflict', 'the application was registered with other facts');
  }
  if (lodged.lodgedBy === 'THIRD_PARTY' && state.ratified === null) {
    throw new DomainError('ASYLUM.NOT_RATIFIED', 'conflict', 'the person has not ratified the application yet');
  }
  const data: Registration = { fileNumber, registeredOn, decideBy: decideBy(lodged.country, registeredOn) };
  return [{ type: 'ApplicationRegistered', data }];
}

function isLodged(state: AsylumApplication): state is Lodged {
  return state.lodged !== null;
}

function decide(command: AsylumApplicationCommand, state: AsylumApplication): readonly AsylumApplicationEvent[] {
  if (command.type === 'LodgeApplication') return lodge(command, state);
  if (!isLodged(state)) {
    throw new DomainError('ASYLUM.APPLICATION_UNKNOWN', 'not-found', 'no such application at this agency');
  }
  switch (command.type) {
    case 'RatifyApplication':
      return ratify(command, state);
    case 'JustifyLateFiling':
      return justifyLateFiling(command, state);
    case 'RegisterApplication':
      return register(command, state);
  }
}

/**
 * One asylum application (domain.md 2.3), as far as registration: NOT_LODGED → LODGED → REGISTERED. What a third party lodged
 * waits for the person's ratification; a late filing opens a justification beside the procedure and bars nothing.
 */
export const asylumApplicationDecider: Decider<AsylumApplicationCommand, AsylumApplication, AsylumApplicationEvent> = {
  initialState: APPLICATION_NOT_LODGED,
  decide,
  evolve: evolveAsylumApplication,
};
