import { type Decider, DomainError, type Instant } from '@acogida/core';
import { type CalendarDate, calendarDateIn, isPartialDate, type LodgedBy, type LodgingForm } from '@acogida/reference';
import { decideBy, fileBy, ratifyBy } from './filing-limits.ts';
import type { LateFilingReason } from './late-filing-reasons.ts';

/** A lodged application. Dates are calendar dates of the country. */
export interface LodgedApplication {
  readonly applicationId: string;
  readonly caseId: string;
  /** The accepted referral that led here; null for a direct filing. */
  readonly referralId: string | null;
  /** ISO 3166-1 alpha-2 of the country whose parameters rule it; null for an agency without one. */
  readonly country: string | null;
  readonly form: LodgingForm;
  readonly lodgedBy: LodgedBy;
  readonly lodgedOn: CalendarDate;
  /** Partial date of entry into the country, null when unknown. */
  readonly enteredOn: string | null;
  /** Last day to file, counted from the latest day of entry that `enteredOn` allows; null without a limit or a date. */
  readonly fileBy: CalendarDate | null;
  /** Lodged after `fileBy`: opens a justification, bars nothing. */
  readonly late: boolean;
  /** Last day to ratify a third party's lodging; null when not needed, or where the country sets no limit. */
  readonly ratifyBy: CalendarDate | null;
}

/** A registered application. `fileNumber` never leaves the agency. */
export interface Registration {
  readonly fileNumber: string;
  readonly registeredOn: CalendarDate;
  /** Last day to decide; null where the country sets none. A missed limit escalates, it never means refusal. */
  readonly decideBy: CalendarDate | null;
}

interface Event<T extends string, D extends object> {
  readonly type: T;
  readonly data: D;
}

/** Everything that can have happened to one application so far (domain.md 2.3). */
export type AsylumApplicationEvent =
  | Event<'ApplicationLodged', LodgedApplication>
  | Event<'ApplicationRatified', { readonly ratifiedOn: CalendarDate; readonly late: boolean }>
  | Event<'LateFilingAccepted', { readonly reason: LateFilingReason }>
  | Event<'LateFilingRefused', { readonly reason: LateFilingReason }>
  | Event<'ApplicationRegistered', Registration>;

/** Current schema version per event type. */
export const ASYLUM_APPLICATION_VERSIONS: Readonly<Record<AsylumApplicationEvent['type'], number>> = {
  ApplicationLodged: 1,
  ApplicationRatified: 1,
  LateFilingAccepted: 1,
  LateFilingRefused: 1,
  ApplicationRegistered: 1,
};

/** How far the application has come. */
export const APPLICATION_STAGES = ['NOT_LODGED', 'LODGED', 'REGISTERED'] as const;

/** One of `APPLICATION_STAGES`. */
export type ApplicationStage = (typeof APPLICATION_STAGES)[number];

/** Where the justification of a late filing stands. OPEN and REFUSED bar nothing by themselves. */
export const LATE_FILINGS = ['NOT_LATE', 'OPEN', 'ACCEPTED', 'REFUSED'] as const;

/** One of `LATE_FILINGS`. */
export type LateFiling = (typeof LATE_FILINGS)[number];

/** One application. */
export interface AsylumApplication {
  readonly stage: ApplicationStage;
  readonly lodged: LodgedApplication | null;
  readonly ratified: { readonly ratifiedOn: CalendarDate; readonly late: boolean } | null;
  readonly lateFiling: LateFiling;
  readonly lateFilingReason: LateFilingReason | null;
  readonly registration: Registration | null;
}

/** Before lodging. */
export const APPLICATION_NOT_LODGED: AsylumApplication = {
  stage: 'NOT_LODGED',
  lodged: null,
  ratified: null,
  lateFiling: 'NOT_LATE',
  lateFilingReason: null,
  registration: null,
};

/** Folds one event into the application. */
export function evolveAsylumApplication(state: AsylumApplication, event: AsylumApplicationEvent): AsylumApplication {
  switch (event.type) {
    case 'ApplicationLodged':
      return { ...state, stage: 'LODGED', lodged: event.data, lateFiling: event.data.late ? 'OPEN' : 'NOT_LATE' };
    case 'ApplicationRatified':
      return { ...state, ratified: event.data };
    case 'LateFilingAccepted':
      return { ...state, lateFiling: 'ACCEPTED', lateFilingReason: event.data.reason };
    case 'LateFilingRefused':
      return { ...state, lateFiling: 'REFUSED', lateFilingReason: event.data.reason };
    case 'ApplicationRegistered':
      return { ...state, stage: 'REGISTERED', registration: event.data };
  }
}

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
