import {
  consentDesk,
  heldInTable,
  holdDesk,
  identityHeld,
  LIFTING_CONDITION,
  type NodeDefinition,
  referralDesk,
  withAnswerLinks,
  withVault,
} from '@acogida/service-kit';
import { childCaseProcedure } from './child-case.procedure.ts';
import { HOLDS_OF_CHILD } from './domain/closing.ts';
import { ChildCaseQueriesController } from './http/child-case-queries.controller.ts';
import { ChildLifting } from './http/child-lifting.ts';
import { ChildCasesController } from './http/child-cases.controller.ts';
import { ChildRepresentationController } from './http/child-representation.controller.ts';
import { ChildSteps } from './http/child-steps.ts';
import { ownChildren } from './integration/own-children.ts';
import { whenAGuardianIsDue } from './integration/when-a-guardian-is-due.ts';
import { whenChildHeldElsewhereThenHandOver } from './integration/when-child-held-elsewhere-then-hand-over.ts';
import { whenChildIdentifiedThenReportChild } from './integration/when-child-identified-then-report-child.ts';
import { CreateChildCaseTable1795570000000 } from './migrations/create-child-case-table.ts';
import { ChildCaseEntity } from './projections/child-case.entity.ts';
import { childCaseProjection } from './projections/child-case.projection.ts';

const desk = referralDesk();
const consents = consentDesk([
  heldInTable('child_case', 'CASE_FILE', 'CHILD_PROTECTION'),
  identityHeld('CHILD_PROTECTION'),
]);
const holds = holdDesk(HOLDS_OF_CHILD);

/** The node of an authority for children: their cases from the first word to the closing, and the holds that keep them here. */
export const childProtectionNode: NodeDefinition = withVault(
  withAnswerLinks({
    kind: 'child-protection',
    description: 'Protection of children: identification, urgent care, guardian and representative (domain.md 2.5).',
    ownCases: ownChildren,
    procedures: [childCaseProcedure, ...desk.procedures, ...consents.procedures, ...holds.procedures],
    controllers: [
      ChildCasesController,
      ChildRepresentationController,
      ChildCaseQueriesController,
      ...desk.controllers,
      ...consents.controllers,
      ...holds.controllers,
    ],
    providers: [
      ChildSteps,
      { provide: LIFTING_CONDITION, useClass: ChildLifting },
      ...consents.providers,
      ...holds.providers,
    ],
    entities: [ChildCaseEntity, ...desk.entities, ...consents.entities],
    migrations: [CreateChildCaseTable1795570000000, ...desk.migrations, ...consents.migrations, ...holds.migrations],
    inlineProjections: [
      childCaseProjection,
      ...desk.inlineProjections,
      ...consents.inlineProjections,
      ...holds.inlineProjections,
    ],
    channelServices: holds.channelServices,
    contractProjections: holds.contractProjections,
    policies: (context) => [
      ...desk.policies(context),
      ...consents.policies(context),
      ...holds.policies(context),
      whenChildIdentifiedThenReportChild(context, holds.procedureHolds(context)),
      whenChildHeldElsewhereThenHandOver(context, holds.procedureHolds(context)),
    ],
    deadlines: [...desk.deadlines, ...consents.deadlines, ...holds.deadlines, whenAGuardianIsDue],
  }),
  { matchOfficers: ['caseworker', 'supervisor'] },
);
