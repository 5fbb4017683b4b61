import { expect, it } from '@jest/globals';
import {
  CONATT,
  INTAKE,
  pathOf,
  type Referral,
  REFUGEE_UNIT,
  type ReferralScene,
  SENDER_ROLE,
} from './referral-scene.ts';

const MINUTES = 60_000;

async function cancel(scene: ReferralScene, referral: Referral): Promise<void> {
  await scene.agencies.post(referral.sender, SENDER_ROLE, `${pathOf(referral)}/cancellation`, { reason: 'SUPERSEDED' });
}

/** A case moves on with its acceptance, or does not, whoever is first. */
export function describeCustodyScenarios(of: () => ReferralScene): void {
  it(
    'custody moves at the next term; a cancel after that is refused, and nobody else moves the case any more',
    async () => {
      const scene = of();
      const caseId = await scene.openCase();
      const transfer = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', transfer: true });
      await scene.receiverDoes(transfer, 'acknowledgement', 'acceptance');
      await scene.isShown(transfer, { custodyTerm: 2 });
      expect(
        await scene.agencies.refusal(INTAKE, SENDER_ROLE, `${pathOf(transfer)}/cancellation`, { reason: 'SUPERSEDED' }),
      ).toEqual({ status: 409, code: 'REFERRAL.CUSTODY_RELEASED' });
      await expect(
        scene.refer(caseId, { receiver: CONATT, service: 'TRAFFICKING_SCREENING', transfer: true }),
      ).rejects.toMatchObject({ status: 409, code: 'CUSTODY.NOT_THE_CUSTODIAN' });

      // who has it now gives it on, at the term after that
      const next = await scene.refer(caseId, {
        ...{ sender: REFUGEE_UNIT, receiver: CONATT, service: 'TRAFFICKING_SCREENING', transfer: true },
      });
      await scene.receiverDoes(next, 'acknowledgement', 'acceptance');
      await scene.isShown(next, { custodyTerm: 3 });
      for (const referral of [transfer, next]) {
        await scene.step('receiver', referral, 'completion', 'COMPLETED', { result: 'SERVICE_PROVIDED' });
        await scene.step('sender', referral, 'loop-closure', 'COMPLETED', { outcome: 'NEED_MET' });
        await scene.isShown(referral, { requestStatus: 'LOOP_CLOSED' });
      }
      await scene.hasEnded(
        [transfer, next],
        ['ReferralAccepted', 'CustodyReleased', 'ReferralAccepted', 'CustodyReleased', 'ReferralLoopClosed'],
      );
    },
    MINUTES,
  );

  it(
    'a cancel before the acceptance is heard wins: the receiver lets go, and the case stays where it was',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      const transfer = await scene.refer(caseId, {
        ...{ receiver: CONATT, service: 'TRAFFICKING_SCREENING', transfer: true },
      });
      await scene.receiverDoes(transfer, 'acknowledgement');
      await agencies.whileSilent(CONATT, async () => {
        await agencies.post(CONATT, 'referral-officer', `${pathOf(transfer)}/acceptance`);
        await cancel(scene, transfer);
      });
      await scene.isShown(transfer, { state: 'CANCELLED', fulfilmentStatus: 'ACCEPTED', custodyTerm: null });
      await scene.isShownAt('receiver', transfer, { nextDueKind: 'COMPENSATE', awaits: 'RECEIVER' });
      await scene.step('receiver', transfer, 'failure', 'CANCELLED', { reason: 'CANCELLED_BY_SENDER' });
      await scene.isShown(transfer, { fulfilmentStatus: 'FAILED' });

      // it is still the sender's to give
      const other = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', transfer: true });
      await cancel(scene, other);
      await scene.isShown(other, { state: 'CANCELLED' });
      expect(await scene.typesOf(caseId)).not.toContain('CustodyReleased');
      await scene.hasEnded([transfer, other], ['ReferralCancelled', 'ReferralFailed', 'ReferralRequested']);
    },
    MINUTES,
  );
}
