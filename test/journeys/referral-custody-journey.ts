import { expect, it } from '@jest/globals';
import {
  CONATT,
  INTAKE,
  pathOf,
  RECEIVER_ROLE,
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
    'an acceptance that is heard before the cancel wins: custody moves at the next term, and nobody else moves the case any more',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      const transfer = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', transfer: true });
      await scene.receiverDoes(transfer, 'acknowledgement');
      await agencies.whileSilent(INTAKE, async () => {
        await agencies.post(REFUGEE_UNIT, RECEIVER_ROLE, `${pathOf(transfer)}/acceptance`);
        await scene.isShownAt('sender', transfer, { custodyTerm: 2 }); // decided, and told to nobody yet
        await scene.isShownAt('receiver', transfer, { custodyTerm: null });
        expect(
          await agencies.refusal(INTAKE, SENDER_ROLE, `${pathOf(transfer)}/cancellation`, { reason: 'SUPERSEDED' }),
        ).toEqual({ status: 409, code: 'REFERRAL.CUSTODY_RELEASED' });
      });
      await scene.isShown(transfer, { state: 'ACCEPTED', custodyTerm: 2 });
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
    2 * MINUTES,
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
        await agencies.post(CONATT, RECEIVER_ROLE, `${pathOf(transfer)}/acceptance`);
        await cancel(scene, transfer);
      });
      await scene.isShown(transfer, { state: 'CANCELLED', fulfilmentStatus: 'ACCEPTED', custodyTerm: null });
      await scene.isShownAt('receiver', transfer, { nextDueKind: 'COMPENSATE', awaits: 'RECEIVER' });
      await scene.step('receiver', transfer, 'failure', 'CANCELLED', { reason: 'CANCELLED_BY_SENDER' });
      await scene.isShown(transfer, { fulfilmentStatus: 'FAILED' });

      // it is still the sender's to give; and a cancel that the receiver has not heard when it accepts wins as well
      const other = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', transfer: true });
      await scene.receiverDoes(other, 'acknowledgement');
      await agencies.whileSilent(INTAKE, async () => {
        await cancel(scene, other);
        await agencies.post(REFUGEE_UNIT, RECEIVER_ROLE, `${pathOf(other)}/acceptance`);
      });
      await scene.isShown(other, { state: 'CANCELLED', fulfilmentStatus: 'ACCEPTED', custodyTerm: null });
      await scene.step('receiver', other, 'failure', 'CANCELLED', { reason: 'CANCELLED_BY_SENDER' });
      await scene.isShown(other, { fulfilmentStatus: 'FAILED' });
      expect(await scene.typesOf(caseId)).not.toContain('CustodyReleased');
      await scene.hasEnded([transfer, other], ['ReferralCancelled', 'ReferralFailed', 'ReferralRequested']);
    },
    2 * MINUTES,
  );
}
