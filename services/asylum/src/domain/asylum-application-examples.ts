import type { AsylumApplicationEvent, LodgeApplication, LodgedApplication } from './asylum-application.ts';

// Named example commands and events, shared by the specs of this service.

type Of<T extends AsylumApplicationEvent['type']> = Extract<AsylumApplicationEvent, { type: T }>;

/** A Sunday morning in Costa Rica and in Mexico. */
export const AT = '2026-11-22T15:00:00.000Z';
/** The application of the examples. */
export const APPLICATION_ID = '2c6f1d1b-0b0e-4c55-8a29-8a4f1c0d7e01';
/** The case of the examples. */
export const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';

/** Lodged in Costa Rica, which sets no limit, long after entry. */
export const lodgeInCostaRica: LodgeApplication = {
  type: 'LodgeApplication',
  at: AT,
  applicationId: APPLICATION_ID,
  caseId: CASE_ID,
  referralId: null,
  country: 'CR',
  form: 'ORAL',
  lodgedBy: 'SELF',
  lodgedOn: '2026-11-13',
  enteredOn: '2026-09-01',
};

/** The same person's application in Mexico, where 30 working days from entry were over on 14 October. */
export const lodgeInMexico: LodgeApplication = { ...lodgeInCostaRica, country: 'MX' };

const lodgedData: LodgedApplication = {
  applicationId: APPLICATION_ID,
  caseId: CASE_ID,
  referralId: null,
  country: 'CR',
  form: 'ORAL',
  lodgedBy: 'SELF',
  lodgedOn: '2026-11-13',
  enteredOn: '2026-09-01',
  fileBy: null,
  late: false,
  ratifyBy: null,
};

/** What `lodgeInCostaRica` causes. */
export const lodgedInCostaRica: Of<'ApplicationLodged'> = { type: 'ApplicationLodged', data: lodgedData };

/** What `lodgeInMexico` causes. */
export const lodgedLateInMexico: Of<'ApplicationLodged'> = {
  type: 'ApplicationLodged',
  data: { ...lodgedData, country: 'MX', fileBy: '2026-10-14', late: true },
};

/** In time, and by a third party: to be ratified within three working days, one of them a holiday. */
export const lodgedForSomebodyInMexico: Of<'ApplicationLodged'> = {
  type: 'ApplicationLodged',
  data: {
    ...lodgedData,
    country: 'MX',
    lodgedBy: 'THIRD_PARTY',
    enteredOn: null,
    fileBy: null,
    ratifyBy: '2026-11-19',
  },
};
