import type {
  AsylumIntentExpressedV1Data,
  CaseOpenedV1Data,
  ChildIdentifiedV1Data,
  PersonRegisteredV1Data,
  RightsInformationProvidedV1Data,
  TraffickingIndicatorFlaggedV1Data,
  UrgentNeedsScreenedV1Data,
} from '@acogida/contracts';
import type {
  ComplaintFiledBy,
  ComplaintOutcome,
  ComplaintSubject,
  EmergencyAssistanceKind,
  InterpreterMode,
} from './intake-codes.ts';

/** First contact: what every agency may know, and the date of entry, which only intake keeps. */
export interface FirstContact extends CaseOpenedV1Data {
  readonly caseId: string;
  /** Partial date, null when unknown. */
  readonly entryOn: string | null;
}

/** An interpreter of the pool by the pool's own code, never a name. */
export interface InterpreterFacts {
  readonly interpreterId: string;
  /** ISO 639-3. */
  readonly language: string;
  readonly mode: InterpreterMode;
}

/** What was explained, in which language and through whom (INV-18). `interpreterId` stays private. */
export interface RightsInformationFacts extends Omit<RightsInformationProvidedV1Data, 'topics'> {
  readonly topics: readonly RightsInformationProvidedV1Data['topics'][number][];
  readonly interpreterId: string | null;
}

/** One line of the checklist. */
export type UrgentNeedAnswer = UrgentNeedsScreenedV1Data['needs'][number];

/** The whole checklist as answered, and what follows from it. */
export interface UrgentNeeds {
  readonly needs: readonly UrgentNeedAnswer[];
  readonly lifeSaving: boolean;
}

/** Assistance as given. */
export interface EmergencyAssistance {
  readonly assistanceId: string;
  readonly kind: EmergencyAssistanceKind;
  readonly providedOn: string | null;
}

/** A complaint as filed. */
export interface ComplaintFacts {
  readonly complaintId: string;
  readonly subject: ComplaintSubject;
  readonly filedBy: ComplaintFiledBy;
}

interface Event<T extends string, D extends object> {
  readonly type: T;
  readonly data: D;
}

/** Everything that can have happened in the intake of one case (domain.md 2.1). */
export type CaseIntakeEvent =
  | Event<'FirstContactRecorded', FirstContact>
  | Event<'InterpreterAssigned', InterpreterFacts>
  | Event<'InterpreterRefused', Pick<InterpreterFacts, 'interpreterId' | 'language'>>
  | Event<'InterpreterUnavailable', Pick<InterpreterFacts, 'language' | 'mode'>>
  | Event<'RightsInformationProvided', RightsInformationFacts>
  | Event<'PersonRegistered', PersonRegisteredV1Data>
  | Event<'UrgentNeedsScreened', UrgentNeeds>
  | Event<'EmergencyAssistanceProvided', EmergencyAssistance>
  | Event<'AsylumIntentExpressed', AsylumIntentExpressedV1Data>
  | Event<'ChildIdentified', ChildIdentifiedV1Data>
  | Event<'TraffickingIndicatorFlagged', TraffickingIndicatorFlaggedV1Data>
  | Event<'ComplaintFiled', ComplaintFacts>
  | Event<'ComplaintResolved', { readonly complaintId: string; readonly outcome: ComplaintOutcome }>;

/** Current schema version per event type. */
export const CASE_INTAKE_VERSIONS: Readonly<Record<CaseIntakeEvent['type'], number>> = {
  FirstContactRecorded: 1,
  InterpreterAssigned: 1,
  InterpreterRefused: 1,
  InterpreterUnavailable: 1,
  RightsInformationProvided: 1,
  PersonRegistered: 1,
  UrgentNeedsScreened: 1,
  EmergencyAssistanceProvided: 1,
  AsylumIntentExpressed: 1,
  ChildIdentified: 1,
  TraffickingIndicatorFlagged: 1,
  ComplaintFiled: 1,
  ComplaintResolved: 1,
};
