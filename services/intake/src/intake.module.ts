import {
  CASE_FACTS,
  casesIn,
  consentDesk,
  gateDesk,
  heldInTable,
  holdDesk,
  identityHeld,
  LIFTING_CONDITION,
  type NodeDefinition,
  referralDesk,
  withAnswerLinks,
  withVault,
} from '@acogida/service-kit';
import { caseIntake } from './case-intake.procedure.ts';
import { CaseQueriesController } from './http/case-queries.controller.ts';
import { CasesController } from './http/cases.controller.ts';
import { ComplaintsController } from './http/complaints.controller.ts';
import { ChildTakenUp } from './http/child-taken-up.ts';
import { IntakeCaseFacts } from './http/intake-case-facts.ts';
import { IntakeIdentityCases } from './http/intake-identity-cases.ts';
import { whenApplicationLodgedThenLiftAsylumIntent } from './integration/when-application-lodged-then-lift-asylum-intent.ts';
import { CreateIntakeCaseTable1795309200000 } from './migrations/create-intake-case-table.ts';
import { IntakeCaseEntity } from './projections/intake-case.entity.ts';
import { intakeCaseProjection } from './projections/intake-case.projection.ts';

const desk = referralDesk();
const consents = consentDesk([heldInTable('intake_case', 'CASE_FILE', 'PUBLIC_RECORD'), identityHeld('PUBLIC_RECORD')]);
const holds = holdDesk(['NEEDS_NOT_ASSESSED', 'ASYLUM_INTENT']);
const gate = gateDesk(['EXPULSION', 'REFUSAL_OF_ENTRY', 'TRANSFER_ABROAD']);

/** The intake service: first contact, rights information, registration, urgent needs, flags, and referrals onward. */
export const intakeNode: NodeDefinition = withVault(
  withAnswerLinks({
    kind: 'intake',
    description: 'First contact, rights information, registration, urgent needs and protection flags (domain.md 2.1).',
    ownCases: casesIn({ table: 'intake_case', idColumn: 'case_id', procedure: caseIntake }),
    procedures: [caseIntake, ...desk.procedures, ...consents.procedures, ...holds.procedures, ...gate.procedures],
    controllers: [
      CasesController,
      CaseQueriesController,
      ComplaintsController,
      ...desk.controllers,
      ...consents.controllers,
      ...holds.controllers,
      ...gate.controllers,
    ],
    providers: [
      { provide: CASE_FACTS, useClass: IntakeCaseFacts },
      { provide: LIFTING_CONDITION, useClass: ChildTakenUp },
      ...consents.providers,
      ...holds.providers,
      ...gate.providers,
    ],
    entities: [IntakeCaseEntity, ...desk.entities, ...consents.entities],
    migrations: [CreateIntakeCaseTable1795309200000, ...desk.migrations, ...consents.migrations, ...holds.migrations],
    inlineProjections: [
      intakeCaseProjection,
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
      ...gate.policies(context),
      whenApplicationLodgedThenLiftAsylumIntent(context, holds.procedureHolds(context)),
    ],
    deadlines: [...desk.deadlines, ...consents.deadlines, ...holds.deadlines],
  }),
  { cases: IntakeIdentityCases },
);
