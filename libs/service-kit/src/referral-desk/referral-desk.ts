import { custodyProcedure, referralProcedure } from '@acogida/referral';
import type { NodeDefinition } from '../node-definition.ts';
import { CreateReferralTable1795309100000 } from './create-referral-table.migration.ts';
import { whenCustodyReleasedThenTakeCustody, whenTransferAcceptedThenReleaseCustody } from './custody-policies.ts';
import { FollowTheProtocol1795500000000 } from './follow-the-protocol.migration.ts';
import { NOTED_TYPES, whenReferralHeardThenNoteIt, whenReferralRequestedThenReceiveReferral } from './policies.ts';
import { ReceivedReferralsController } from './received-referrals.controller.ts';
import { ReferralEntity } from './referral.entity.ts';
import { ReferralFhirController } from './referral-fhir.controller.ts';
import { referralProjection } from './referral-projection.ts';
import { ReferralsController } from './referrals.controller.ts';
import { SentReferralsController } from './sent-referrals.controller.ts';
import { whenAStepIsMissed } from './when-a-step-is-missed.ts';

/**
 * What every service that sends or receives referrals adds to its `NodeDefinition`:
 *
 * ```ts
 * const desk = referralDesk();
 * export const node: NodeDefinition = {
 *   procedures: [caseIntake, ...desk.procedures],
 *   controllers: [CasesController, ...desk.controllers], // and so on
 *   policies: (context) => [...desk.policies(context), whenXThenY(context)],
 *   deadlines: desk.deadlines,
 * };
 * ```
 *
 * A service that knows its cases also provides `CASE_FACTS`.
 */
export function referralDesk(): Pick<
  NodeDefinition,
  'procedures' | 'controllers' | 'entities' | 'migrations' | 'inlineProjections' | 'policies'
> &
  Required<Pick<NodeDefinition, 'deadlines'>> {
  return {
    procedures: [referralProcedure, custodyProcedure],
    controllers: [ReferralsController, SentReferralsController, ReceivedReferralsController, ReferralFhirController],
    entities: [ReferralEntity],
    migrations: [CreateReferralTable1795309100000, FollowTheProtocol1795500000000],
    inlineProjections: [referralProjection],
    policies: (context) => [
      whenReferralRequestedThenReceiveReferral(context),
      ...NOTED_TYPES.map((type) => whenReferralHeardThenNoteIt(context, type)),
      whenTransferAcceptedThenReleaseCustody(context),
      whenCustodyReleasedThenTakeCustody(context),
    ],
    deadlines: [whenAStepIsMissed],
  };
}
