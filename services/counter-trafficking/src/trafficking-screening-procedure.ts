import type { ProcedureDefinition } from '@acogida/event-store';
import type { ScreeningEvent, ScreeningState } from './domain/screening-history.ts';
import { type ScreeningCommand, screeningDecider } from './domain/trafficking-screening.ts';
import { publishScreening } from './integration/publish.ts';

/** Prefix of the streams: `trafficking-screening-<screeningId>`. */
export const SCREENING_STREAM = 'trafficking-screening';

/** The trafficking screening as the edge runs it. */
export const traffickingScreening: ProcedureDefinition<ScreeningCommand, ScreeningState, ScreeningEvent> = {
  name: SCREENING_STREAM,
  decider: screeningDecider,
  versions: {
    ScreeningOpened: 1,
    ImmediateSafetySecured: 1,
    ScreeningConsentGiven: 1,
    ScreeningConsentRefused: 1,
    ScreeningConducted: 1,
    IndicatorsScored: 1,
    OutcomeReviewed: 1,
    VictimConfirmed: 1,
    VictimPresumed: 1,
    ScreeningInconclusive: 1,
    PersonFoundAtRisk: 1,
    NotIdentified: 1,
  },
  upcasters: [],
  publish: publishScreening,
  caseOf: (state) => state?.caseId ?? null,
};
