import type { PublishedFact } from './node-parts.ts';

/** What an intake publishes of a case that came in yesterday. */
export const CASE_FACTS: readonly PublishedFact[] = [
  {
    type: 'CaseOpened',
    data: { place: 'CR-PENAS-BLANCAS', channel: 'BORDER', contactedOn: '2026-11-20', entryMode: 'IRREGULAR' },
  },
  {
    type: 'RightsInformationProvided',
    data: {
      language: 'hat',
      interpretation: 'REMOTE',
      topics: ['SEEKING_ASYLUM', 'VICTIM_RIGHTS', 'COSTS'],
      packageVersion: '2026-1',
    },
  },
  {
    type: 'PersonRegistered',
    data: {
      ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 }, dobPrecision: 'YEAR' },
      ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED', languages: ['hat', 'fra'] },
    },
  },
  {
    type: 'UrgentNeedsScreened',
    data: {
      needs: [
        { need: 'MEDICAL', answer: 'YES' },
        { need: 'SAFETY', answer: 'UNKNOWN' },
      ],
      lifeSaving: false,
    },
  },
  { type: 'AsylumIntentExpressed', data: { expressedOn: '2026-11-20', manner: 'ORAL' } },
];
