import { referralProcedure } from '@acogida/referral';
import type { NodeDefinition } from '../node-definition.ts';
import { CreateReferralTable1795309100000 } from './create-referral-table.migration.ts';
import {
  whenReferralAcceptedThenNoteIt,
  whenReferralAcknowledgedThenNoteIt,
  whenReferralCompletedThenNoteIt,
  whenReferralRejectedThenNoteIt,
  whenReferralRequestedThenReceiveReferral,
} from './policies.ts';
import { ReferralEntity } from './referral.entity.ts';
import { referralProjection } from './referral-projection.ts';
import { ReferralsController } from './referrals.controller.ts';

/**
 * What every service that sends or receives referrals adds to its `NodeDefinition`:
 *
 * ```ts
 * const desk = referralDesk();
 * export const node: NodeDefinition = {
 *   procedures: [caseIntake, ...desk.procedures],
 *   controllers: [CasesController, ...desk.controllers], // and so on
 *   policies: (context) => [...desk.policies(context), whenXThenY(context)],
 * };
 * ```
 *
 * A service that knows its cases also provides `CASE_FACTS`.
 */
export function referralDesk(): Pick<
  NodeDefinition,
  'procedures' | 'controllers' | 'entities' | 'migrations' | 'inlineProjections' | 'policies'
> {
  return {
    procedures: [referralProcedure],
    controllers: [ReferralsController],
    entities: [ReferralEntity],
    migrations: [CreateReferralTable1795309100000],
    inlineProjections: [referralProjection],
    policies: (context) => [
      whenReferralRequestedThenReceiveReferral(context),
      whenReferralAcknowledgedThenNoteIt(context),
      whenReferralAcceptedThenNoteIt(context),
      whenReferralRejectedThenNoteIt(context),
      whenReferralCompletedThenNoteIt(context),
    ],
  };
}
