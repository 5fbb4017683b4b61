import { RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import type {
  AssignInterpreter,
  ProvideRightsInformation,
  RecordFirstContact,
  RegisterPerson,
  ScreenUrgentNeeds,
} from './case-intake-commands.ts';
import type { CaseIntakeEvent } from './case-intake-events.ts';

// Named example commands and events, shared by the specs of this service.

type Of<T extends CaseIntakeEvent['type']> = Extract<CaseIntakeEvent, { type: T }>;

/** When the examples are recorded. */
export const AT = '2026-11-22T15:00:00.000Z';
/** The case of the examples. */
export const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';

/** First contact at a land border, irregular entry. */
export const recordFirstContact: RecordFirstContact = {
  type: 'RecordFirstContact',
  at: AT,
  caseId: CASE_ID,
  place: 'PASO_CANOAS',
  channel: 'BORDER',
  contactedOn: '2026-11-22',
  entryMode: 'IRREGULAR',
  entryOn: '2026-11',
};

/** What `recordFirstContact` causes. */
export const contacted: Of<'FirstContactRecorded'> = {
  type: 'FirstContactRecorded',
  data: {
    caseId: CASE_ID,
    place: 'PASO_CANOAS',
    channel: 'BORDER',
    contactedOn: '2026-11-22',
    entryMode: 'IRREGULAR',
    entryOn: '2026-11',
  },
};

/** The same in detention. */
export const contactedInDetention: Of<'FirstContactRecorded'> = {
  ...contacted,
  data: { ...contacted.data, channel: 'DETENTION' },
};

/** A remote interpreter for Haitian Creole. */
export const assignInterpreter: AssignInterpreter = {
  type: 'AssignInterpreter',
  at: AT,
  language: 'hat',
  mode: 'REMOTE',
  interpreter: { interpreterId: 'pool-17', relation: 'INDEPENDENT' },
  refusedByPerson: false,
};

/** The whole package in Spanish, no interpreter needed. */
export const provideRightsInformation: ProvideRightsInformation = {
  type: 'ProvideRightsInformation',
  at: AT,
  language: 'spa',
  understood: true,
  interpretation: 'NONE_NEEDED',
  topics: RIGHTS_TOPICS,
  packageVersion: 'cr-spa-2026.1',
};

/** What `provideRightsInformation` causes. */
export const informed: Of<'RightsInformationProvided'> = {
  type: 'RightsInformationProvided',
  data: {
    language: 'spa',
    interpretation: 'NONE_NEEDED',
    interpreterId: null,
    topics: RIGHTS_TOPICS,
    packageVersion: 'cr-spa-2026.1',
  },
};

/** A woman of 24 to 26 years. */
export const registerAdult: RegisterPerson = {
  type: 'RegisterPerson',
  at: AT,
  sex: 'FEMALE',
  ageBand: { fromYears: 24, toYears: 26 },
  ageDisputed: false,
  dobPrecision: 'ESTIMATED',
  nationalities: ['NI'],
  nationalityStatus: 'DECLARED',
  languages: ['spa'],
  careStatus: 'UNKNOWN',
};

/** What `registerAdult` causes. */
export const adultRegistered: Of<'PersonRegistered'> = {
  type: 'PersonRegistered',
  data: {
    sex: 'FEMALE',
    ageStatus: 'ADULT',
    ageBand: { fromYears: 24, toYears: 26 },
    dobPrecision: 'ESTIMATED',
    nationalities: ['NI'],
    nationalityStatus: 'DECLARED',
    languages: ['spa'],
  },
};

/** The checklist, every answer NO. */
export const noUrgentNeeds: ScreenUrgentNeeds = {
  type: 'ScreenUrgentNeeds',
  at: AT,
  needs: URGENT_NEEDS.map((need) => ({ need, answer: 'NO' })),
};

/** What `noUrgentNeeds` causes. */
export const needsScreened: Of<'UrgentNeedsScreened'> = {
  type: 'UrgentNeedsScreened',
  data: { needs: URGENT_NEEDS.map((need) => ({ need, answer: 'NO' })), lifeSaving: false },
};

/** An intake up to each stage, from first contact on. */
export const toNeedsScreened: readonly CaseIntakeEvent[] = [contacted, informed, adultRegistered, needsScreened];
