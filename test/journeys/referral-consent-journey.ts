import { expect, it } from '@jest/globals';
import { COMAR, CONATT, INTAKE, pathOf, REFUGEE_UNIT, type ReferralScene, SENDER_ROLE } from './referral-scene.ts';

const MINUTES = 60_000;

/** A consent as an officer records it, but for its case. */
export const CONSENT = {
  ...{ purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: [CONATT], services: ['TRAFFICKING_SCREENING'] },
  ...{ history: 'CURRENT', basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'GUARDIAN', childAssent: 'YES' },
  ...{ language: 'hat', interpretation: 'IN_PERSON' },
  ...{ explained: true, understandingChecked: true, withoutPenalty: true },
};

const PROOF = { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null };
const RECORD = { category: 'REFERRAL_RECORD', legalBasis: 'LEGAL_CLAIMS', until: null };

/** What is shared with whom, and when it ends. */
export function describeConsentScenarios(of: () => ReferralScene): void {
  it(
    'consent withdrawn in mid-service, lodged at a third agency: everyone says what is retained and why',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      const scope = { recipients: [CONATT, REFUGEE_UNIT], services: ['TRAFFICKING_SCREENING', 'ASYLUM'] };
      const { id } = await agencies.post(INTAKE, SENDER_ROLE, '/v1/consents', { ...CONSENT, ...scope, caseId });
      const path = `/v1/consents/${id}`;
      await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', consentId: id });
      const referral = await scene.refer(caseId, {
        ...{ receiver: CONATT, service: 'TRAFFICKING_SCREENING', consentId: id },
      });
      await scene.receiverDoes(referral, 'acknowledgement', 'acceptance', 'start');
      await agencies.shown(REFUGEE_UNIT, SENDER_ROLE, path, { state: 'GRANTED', recordedHere: false });

      await agencies.post(REFUGEE_UNIT, SENDER_ROLE, `${path}/withdrawal`, { reason: 'SAFETY_CONCERN' });
      for (const agency of [INTAKE, REFUGEE_UNIT]) {
        await agencies.shown(agency, SENDER_ROLE, path, {
          ...{ state: 'WITHDRAWN', lodgedAt: REFUGEE_UNIT, awaiting: [] },
          acknowledgements: expect.arrayContaining([
            expect.objectContaining({ agency: INTAKE, retained: expect.arrayContaining([PROOF, RECORD]) }),
            expect.objectContaining({ agency: CONATT, retained: expect.arrayContaining([PROOF, RECORD]) }),
          ]),
        });
      }
      await agencies.shown(CONATT, SENDER_ROLE, path, { state: 'WITHDRAWN' });

      // both ends let go of themselves, and hear it of each other
      await scene.isShown(referral, {
        ...{ requestStatus: 'CANCELLED', cancelReason: 'CONSENT_WITHDRAWN' },
        ...{ fulfilmentStatus: 'FAILED', failureReason: 'CONSENT_WITHDRAWN' },
      });
      await scene.hasEnded([referral], ['ConsentGranted', 'ReferralServiceStarted', 'ConsentWithdrawn']);
      const ending = ['WithdrawalAcknowledged', 'ReferralCancelled', 'ReferralFailed'];
      await agencies.heard(async () => expect(await scene.typesOf(caseId)).toEqual(expect.arrayContaining(ending)));
    },
    2 * MINUTES,
  );

  it(
    'two asylum authorities in two countries, one case: each knows its own referral only',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      const here = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM' });
      const there = await scene.refer(caseId, { receiver: COMAR, service: 'ASYLUM' });
      for (const referral of [here, there]) await scene.receiverDoes(referral, 'acknowledgement', 'acceptance');
      for (const [agency, others] of [[REFUGEE_UNIT, there] as const, [COMAR, here] as const]) {
        expect(await agencies.refusalToShow(agency, 'referral-officer', pathOf(others))).toEqual({
          ...{ status: 404, code: 'REFERRAL.UNKNOWN' },
        });
      }
      const enteredOn = scene.clock.dateIn('CR'); // the same day in Mexico
      for (const { receiver, id: referralId } of [here, there]) {
        const lodged = { caseId, referralId, form: 'ORAL', lodgedBy: 'SELF', lodgedOn: enteredOn, enteredOn };
        await agencies.post(receiver, 'eligibility-officer', '/v1/applications', lodged);
      }
      for (const referral of [here, there]) {
        await scene.step('receiver', referral, 'completion', 'COMPLETED', { result: 'SERVICE_PROVIDED' });
        await scene.step('sender', referral, 'loop-closure', 'COMPLETED', { outcome: 'NEED_MET' });
        await scene.isShown(referral, { requestStatus: 'LOOP_CLOSED' });
      }
      await scene.hasEnded([here, there], ['ApplicationLodged', 'ApplicationLodged', 'ReferralLoopClosed']);

      // on the log nothing links what the two say of the case
      const subjects = await Promise.all(
        [REFUGEE_UNIT, COMAR, INTAKE].map(async (agency) => {
          const rows = await agencies.rowsAt<{ subject: string }>(
            agency,
            `SELECT DISTINCT subject FROM es.outbox WHERE class <> 'directory'`,
          );
          return rows.map(({ subject }) => subject);
        }),
      );
      expect(new Set(subjects.flat()).size).toBe(subjects.flat().length);
    },
    2 * MINUTES,
  );
}
