import { type NodeDefinition, referralDesk } from '@acogida/service-kit';
import { asylumApplication } from './asylum-application.procedure.ts';
import { ApplicationQueriesController } from './http/application-queries.controller.ts';
import { ApplicationsController } from './http/applications.controller.ts';
import { CreateAsylumApplicationTable1795309300000 } from './migrations/create-asylum-application-table.ts';
import { AsylumApplicationEntity } from './projections/asylum-application.entity.ts';
import { asylumApplicationProjection } from './projections/asylum-application.projection.ts';

const desk = referralDesk();

/** The asylum service, as far as registration. Several agencies run it, each under its own country's parameters. */
export const asylumNode: NodeDefinition = {
  kind: 'asylum',
  description: 'Lodging, ratification, late filing and registration of asylum applications (domain.md 2.3).',
  procedures: [asylumApplication, ...desk.procedures],
  controllers: [ApplicationsController, ApplicationQueriesController, ...desk.controllers],
  providers: [],
  entities: [AsylumApplicationEntity, ...desk.entities],
  migrations: [CreateAsylumApplicationTable1795309300000, ...desk.migrations],
  inlineProjections: [asylumApplicationProjection, ...desk.inlineProjections],
  contractProjections: [],
  policies: desk.policies,
};
