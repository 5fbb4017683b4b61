import {
  casesIn,
  consentDesk,
  heldInTable,
  holdDesk,
  identityHeld,
  type NodeDefinition,
  referralDesk,
  withAnswerLinks,
  withVault,
} from '@acogida/service-kit';
import { ScreeningsController } from './http/screenings.controller.ts';
import { CreateTraffickingScreening1795300000001 } from './migrations/create-trafficking-screening.ts';
import { ScreeningQueries } from './http/screening-queries.ts';
import { TraffickingScreening } from './projections/trafficking-screening.entity.ts';
import { traffickingScreeningProjection } from './projections/trafficking-screening.projection.ts';
import { traffickingScreening } from './trafficking-screening-procedure.ts';

const desk = referralDesk();
const consents = consentDesk([
  heldInTable('trafficking_screening', 'CASE_FILE', 'LEGAL_CLAIMS'),
  identityHeld('LEGAL_CLAIMS'),
]);
const holds = holdDesk(['TRAFFICKING_SCREENING', 'REFLECTION_PERIOD', 'TRAFFICKING_RISK']);

/** The node of an anti-trafficking body: referrals, and the screening of people who may have been trafficked. */
export const counterTraffickingNode: NodeDefinition = withVault(
  withAnswerLinks({
    kind: 'counter-trafficking',
    description: 'Screens people for trafficking on the referral of other agencies or on its own identification.',
    ownCases: casesIn({ table: 'trafficking_screening', idColumn: 'screening_id', procedure: traffickingScreening }),
    procedures: [traffickingScreening, ...desk.procedures, ...consents.procedures, ...holds.procedures],
    controllers: [ScreeningsController, ...desk.controllers, ...consents.controllers, ...holds.controllers],
    providers: [ScreeningQueries, ...consents.providers, ...holds.providers],
    entities: [TraffickingScreening, ...desk.entities, ...consents.entities],
    migrations: [
      CreateTraffickingScreening1795300000001,
      ...desk.migrations,
      ...consents.migrations,
      ...holds.migrations,
    ],
    inlineProjections: [
      traffickingScreeningProjection,
      ...desk.inlineProjections,
      ...consents.inlineProjections,
      ...holds.inlineProjections,
    ],
    channelServices: holds.channelServices,
    contractProjections: holds.contractProjections,
    policies: (context) => [...desk.policies(context), ...consents.policies(context), ...holds.policies(context)],
    deadlines: [...desk.deadlines, ...consents.deadlines, ...holds.deadlines],
  }),
);
