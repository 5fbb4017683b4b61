import { CASE_FACTS, type NodeDefinition, referralDesk } from '@acogida/service-kit';
import { caseIntake } from './case-intake.procedure.ts';
import { CaseQueriesController } from './http/case-queries.controller.ts';
import { CasesController } from './http/cases.controller.ts';
import { ComplaintsController } from './http/complaints.controller.ts';
import { IntakeCaseFacts } from './http/intake-case-facts.ts';
import { CreateIntakeCaseTable1795309200000 } from './migrations/create-intake-case-table.ts';
import { IntakeCaseEntity } from './projections/intake-case.entity.ts';
import { intakeCaseProjection } from './projections/intake-case.projection.ts';

const desk = referralDesk();

/** The intake service: first contact, rights information, registration, urgent needs, flags, and referrals onward. */
export const intakeNode: NodeDefinition = {
  kind: 'intake',
  description: 'First contact, rights information, registration, urgent needs and protection flags (domain.md 2.1).',
  procedures: [caseIntake, ...desk.procedures],
  controllers: [CasesController, CaseQueriesController, ComplaintsController, ...desk.controllers],
  providers: [{ provide: CASE_FACTS, useClass: IntakeCaseFacts }],
  entities: [IntakeCaseEntity, ...desk.entities],
  migrations: [CreateIntakeCaseTable1795309200000, ...desk.migrations],
  inlineProjections: [intakeCaseProjection, ...desk.inlineProjections],
  contractProjections: [],
  policies: desk.policies,
};
