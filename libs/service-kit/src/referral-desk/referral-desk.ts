import {
  custodyProcedure,
  heardReleaseProcedure,
  referralProcedure,
  successionProcedure,
  transferRequestProcedure,
} from '@acogida/referral';
import type { NodeDefinition } from '../node-definition.ts';
import { CandidatesController } from '../routing/candidates.controller.ts';
import { CreateCustodyTables1795510000000 } from './create-custody-tables.migration.ts';
import { CreateReferralTable1795309100000 } from './create-referral-table.migration.ts';
import { whenCustodyReleasedThenTakeCustody, whenTransferAcceptedThenReleaseCustody } from './custody-policies.ts';
import { custodyProjection } from './custody-projection.ts';
import { CustodyController } from './custody.controller.ts';
import { FollowTheProtocol1795500000000 } from './follow-the-protocol.migration.ts';
import { ForgetFactsOfEndedReferrals1795580000000 } from './forget-facts-of-ended-referrals.migration.ts';
import { KeepHeardCustody1795542000000 } from './keep-heard-custody.migration.ts';
import { KeepTransferDeadlines1795582000000 } from './keep-transfer-deadlines.migration.ts';
import { NOTED_TYPES, whenReferralHeardThenNoteIt, whenReferralRequestedThenReceiveReferral } from './policies.ts';
import { ReceivedReferralsController } from './received-referrals.controller.ts';
import { ReferralDraftsController } from './referral-drafts.controller.ts';
import { ReferralEntity } from './referral.entity.ts';
import { ReferralFhirController } from './referral-fhir.controller.ts';
import { ReferralGroupsController } from './referral-groups.controller.ts';
import { referralProjection } from './referral-projection.ts';
import { ReferralReroutingController } from './referral-rerouting.controller.ts';
import { ReferralsController } from './referrals.controller.ts';
import { SentReferralsController } from './sent-referrals.controller.ts';
import {
  whenReferralOfAgencyThatIsGoneThenTakeCustody,
  whenSuccessionOrderedThenTakeCustody,
} from './succession-policy.ts';
import {
  pointlessInTable,
  type PointlessRequests,
  whenCustodyMovedThenEndPointlessRequests,
  whenTransferRequestAnsweredThenNoteIt,
  whenTransferRequestedThenReceiveIt,
  whenTransferRequestWithdrawnThenNoteIt,
} from './transfer-policies.ts';
import { TransferRequestEntity } from './transfer-request.entity.ts';
import { transferRequestProjection } from './transfer-request-projection.ts';
import { TransferRequestsController } from './transfer-requests.controller.ts';
import { type MissedStepOptions, whenAStepIsMissed } from './when-a-step-is-missed.ts';
import { whenATransferRequestIsUnanswered } from './when-a-transfer-request-is-unanswered.ts';

/** How a desk differs from the usual one. */
export interface ReferralDeskOptions extends MissedStepOptions {
  /** Requests for transfer that there is nothing to wait for any more; by the read models when left out. */
  readonly pointless: PointlessRequests;
}

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
 * A service that knows its cases also provides `CASE_FACTS`, and says in `ownCases` which they are: no other is referred.
 *
 * @param options `reroutesUnanswered`, true when left out: what neither a receiver nor its supervisor answered goes to the
 * next agency that the directory and the same consent allow, where the country's parameters want it; else only back to its
 * sender
 */
export function referralDesk({
  reroutesUnanswered = true,
  pointless = pointlessInTable,
}: Partial<ReferralDeskOptions> = {}): Pick<
  NodeDefinition,
  'procedures' | 'controllers' | 'entities' | 'migrations' | 'inlineProjections' | 'policies'
> &
  Required<Pick<NodeDefinition, 'deadlines'>> {
  return {
    procedures: [
      ...[referralProcedure, custodyProcedure, heardReleaseProcedure],
      ...[transferRequestProcedure, successionProcedure],
    ],
    controllers: [
      ...[ReferralsController, SentReferralsController, ReceivedReferralsController, ReferralFhirController],
      ...[ReferralDraftsController, ReferralGroupsController, ReferralReroutingController],
      ...[TransferRequestsController, CustodyController, CandidatesController],
    ],
    entities: [ReferralEntity, TransferRequestEntity],
    migrations: [
      ...[CreateReferralTable1795309100000, FollowTheProtocol1795500000000, CreateCustodyTables1795510000000],
      ...[KeepHeardCustody1795542000000, ForgetFactsOfEndedReferrals1795580000000],
      KeepTransferDeadlines1795582000000,
    ],
    inlineProjections: [referralProjection, custodyProjection, transferRequestProjection],
    policies: (context) => [
      whenReferralRequestedThenReceiveReferral(context),
      whenReferralOfAgencyThatIsGoneThenTakeCustody(context),
      ...NOTED_TYPES.map((type) => whenReferralHeardThenNoteIt(context, type)),
      whenTransferAcceptedThenReleaseCustody(context),
      whenCustodyReleasedThenTakeCustody(context),
      whenSuccessionOrderedThenTakeCustody(context),
      whenTransferRequestedThenReceiveIt(context),
      whenTransferRequestAnsweredThenNoteIt(context),
      whenTransferRequestWithdrawnThenNoteIt(context),
      ...whenCustodyMovedThenEndPointlessRequests(context, pointless),
    ],
    deadlines: [whenAStepIsMissed({ reroutesUnanswered }), whenATransferRequestIsUnanswered],
  };
}
