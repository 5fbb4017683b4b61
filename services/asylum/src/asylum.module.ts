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
import { asylumApplication } from './asylum-application.procedure.ts';
import { ApplicationQueriesController } from './http/application-queries.controller.ts';
import { ApplicationsController } from './http/applications.controller.ts';
import { CreateAsylumApplicationTable1795309300000 } from './migrations/create-asylum-application-table.ts';
import { AsylumApplicationEntity } from './projections/asylum-application.entity.ts';
import { asylumApplicationProjection } from './projections/asylum-application.projection.ts';

const desk = referralDesk();
const consents = consentDesk([
  heldInTable('asylum_application', 'CASE_FILE', 'OPEN_PROCEDURE'),
  identityHeld('OPEN_PROCEDURE'),
]);
const holds = holdDesk(['ASYLUM_INTENT', 'ASYLUM_PENDING', 'APPEAL_OPEN', 'RECOGNIZED', 'COMPLEMENTARY']);

/** The asylum service, as far as registration. Several agencies run it, each under its own country's parameters. */
export const asylumNode: NodeDefinition = withVault(
  withAnswerLinks({
    kind: 'asylum',
    description: 'Lodging, ratification, late filing and registration of asylum applications (domain.md 2.3).',
    ownCases: casesIn({ table: 'asylum_application', idColumn: 'application_id', procedure: asylumApplication }),
    procedures: [asylumApplication, ...desk.procedures, ...consents.procedures, ...holds.procedures],
    controllers: [
      ApplicationsController,
      ApplicationQueriesController,
      ...desk.controllers,
      ...consents.controllers,
      ...holds.controllers,
    ],
    providers: [...consents.providers, ...holds.providers],
    entities: [AsylumApplicationEntity, ...desk.entities, ...consents.entities],
    migrations: [
      CreateAsylumApplicationTable1795309300000,
      ...desk.migrations,
      ...consents.migrations,
      ...holds.migrations,
    ],
    inlineProjections: [
      asylumApplicationProjection,
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
