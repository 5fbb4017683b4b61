import type { Instant } from '@acogida/core';
import type {
  AsylumIntentExpressedV1Data,
  ChildIdentifiedV1Data,
  PersonRegisteredV1Data,
  TraffickingIndicatorFlaggedV1Data,
} from '@acogida/contracts';
import type {
  ComplaintFacts,
  EmergencyAssistance,
  FirstContact,
  RightsInformationFacts,
  UrgentNeedAnswer,
} from './case-intake-events.ts';
import type { ComplaintOutcome, InterpreterMode, InterpreterRelation } from './intake-codes.ts';

interface Command<T extends string> {
  readonly type: T;
  /** When it is recorded; no date in the command may lie after it. */
  readonly at: Instant;
}

/** Opens the case. */
export interface RecordFirstContact extends Command<'RecordFirstContact'>, FirstContact {}

/** Assigns an interpreter, records that the person refuses one, or that none is there (`interpreter` null). */
export interface AssignInterpreter extends Command<'AssignInterpreter'> {
  readonly language: string;
  readonly mode: InterpreterMode;
  readonly interpreter: { readonly interpreterId: string; readonly relation: InterpreterRelation } | null;
  readonly refusedByPerson: boolean;
}

/** Records the rights information given. `understood`: the officer checked that the person understands the language. */
export interface ProvideRightsInformation
  extends Command<'ProvideRightsInformation'>, Omit<RightsInformationFacts, 'interpreterId'> {
  readonly understood: boolean;
}

/** Registers coded facts of the person. The age status is derived, never taken (INV-08). */
export interface RegisterPerson extends Command<'RegisterPerson'>, Omit<PersonRegisteredV1Data, 'ageStatus'> {
  /** The person, an officer or a document raises doubt about the age. */
  readonly ageDisputed: boolean;
  readonly careStatus: ChildIdentifiedV1Data['careStatus'];
}

/** Answers the whole checklist of urgent needs. */
export interface ScreenUrgentNeeds extends Command<'ScreenUrgentNeeds'> {
  readonly needs: readonly UrgentNeedAnswer[];
}

/** Records assistance given on the spot, in any state of the case. */
export interface ProvideEmergencyAssistance extends Command<'ProvideEmergencyAssistance'>, EmergencyAssistance {}

/** Records any words or conduct that show fear of return. */
export interface RecordAsylumIntent extends Command<'RecordAsylumIntent'>, AsylumIntentExpressedV1Data {}

/** Records that the person is, or may be, a child. */
export interface FlagChild extends Command<'FlagChild'>, ChildIdentifiedV1Data {}

/** Records indicators of trafficking, or a plain suspicion without any. */
export interface FlagTraffickingIndicator
  extends Command<'FlagTraffickingIndicator'>, TraffickingIndicatorFlaggedV1Data {}

/** Takes a complaint. */
export interface FileComplaint extends Command<'FileComplaint'>, ComplaintFacts {}

/** Ends a complaint. */
export interface ResolveComplaint extends Command<'ResolveComplaint'> {
  readonly complaintId: string;
  readonly outcome: ComplaintOutcome;
}

/** Everything that can be asked of the intake of one case (domain.md 2.1). */
export type CaseIntakeCommand =
  | RecordFirstContact
  | AssignInterpreter
  | ProvideRightsInformation
  | RegisterPerson
  | ScreenUrgentNeeds
  | ProvideEmergencyAssistance
  | RecordAsylumIntent
  | FlagChild
  | FlagTraffickingIndicator
  | FileComplaint
  | ResolveComplaint;
