import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Reconciliation } from '@acogida/operations';
import { Agencies } from './agencies.ts';
import { Auditor } from './auditor.ts';
import type { JourneyClock } from './journey-clock.ts';
import { CONSENT, describeConsentScenarios } from './referral-consent-journey.ts';
import { describeCustodyScenarios } from './referral-custody-journey.ts';
import { describeLinkScenario } from './referral-link-journey.ts';
import {
  COMAR,
  CONATT,
  DIRECTORY,
  INTAKE,
  pathOf,
  REFUGEE_UNIT,
  ReferralScene,
  SENDER_ROLE,
} from './referral-scene.ts';
import type { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Referrals between the agencies of the sample network, over HTTP and one of the logs: each scenario ends with its path on the
 * auditor's timeline and nothing left to do (INV-19), and all together with a clean reconcile. Days pass by the nodes' clocks.
 */
export function describeReferrals(of: () => RunningPlatform, clockOf: () => JourneyClock): void {
  describe('referrals', () => {
    let scene: ReferralScene;

    beforeAll(async () => {
      scene = new ReferralScene(await Agencies.of(of()), await Auditor.of(of()), clockOf());
    });

    describeAnswers(() => scene);
    describeCustodyScenarios(() => scene);
    describeConsentScenarios(() => scene);
    describeLinkScenario(() => scene);

    it(
      'reconcile after all of them: nothing lost, nothing twice, nothing out of order',
      async () => {
        const { exitCode, json } = await of().operate<Reconciliation>('reconcile', '--wait', '60');
        expect(json).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: 0, equal: true });
        expect(exitCode).toBe(0);
      },
      2 * MINUTES,
    );
  });
}

function describeAnswers(of: () => ReferralScene): void {
  it(
    'accepted, served, closed: the loop ends at both',
    async () => {
      const scene = of();
      const referral = await scene.refer(await scene.openCase(), { receiver: REFUGEE_UNIT, service: 'ASYLUM' });
      expect(await scene.onList(REFUGEE_UNIT, 'referral-officer', 'awaiting-us', referral.caseId)).toEqual([
        referral.id,
      ]);
      await scene.receiverDoes(referral, 'acknowledgement', 'acceptance', 'start');
      await scene.step('receiver', referral, 'completion', 'COMPLETED', { result: 'SERVICE_PROVIDED' });
      await scene.step('sender', referral, 'loop-closure', 'COMPLETED', { outcome: 'NEED_MET' });
      await scene.isShown(referral, { requestStatus: 'LOOP_CLOSED', loopOutcome: 'NEED_MET', nextDueKind: null });
      await scene.hasEnded(
        [referral],
        [
          ...['CaseOpened', 'ReferralRequested', 'ReferralAcknowledged', 'ReferralAccepted'],
          ...['ReferralServiceStarted', 'ReferralCompleted', 'ReferralLoopClosed'],
        ],
      );
    },
    2 * MINUTES,
  );

  it(
    'rejected with another agency named, and sent there within the same consent',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      const given = { ...CONSENT, caseId, recipients: [REFUGEE_UNIT, COMAR], services: ['ASYLUM'] };
      const { id: consentId } = await agencies.post(INTAKE, SENDER_ROLE, '/v1/consents', given);
      const first = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', consentId });
      const rejection = { reason: 'OUT_OF_MANDATE', alternativeAgency: COMAR };
      await scene.step('receiver', first, 'rejection', 'REJECTED', rejection);
      await scene.isShown(first, { senderTask: 'REOPENED', alternativeAgency: COMAR });
      expect(await scene.onList(INTAKE, SENDER_ROLE, 'awaiting-us', caseId)).toEqual([first.id]);

      const second = await scene.reroute(first, COMAR);
      await scene.isShown(first, { requestStatus: 'LOOP_CLOSED', loopOutcome: 'REFERRED_ELSEWHERE' });
      expect(await agencies.get(INTAKE, SENDER_ROLE, pathOf(second))).toMatchObject({ causedBy: first.id });
      await scene.receiverDoes(second, 'acknowledgement', 'acceptance');
      await scene.step('receiver', second, 'completion', 'COMPLETED', { result: 'PARTLY_PROVIDED' });
      await scene.step('sender', second, 'loop-closure', 'COMPLETED', { outcome: 'NEED_PARTLY_MET' });
      await scene.isShown(second, { requestStatus: 'LOOP_CLOSED' });
      await scene.hasEnded(
        [first, second],
        [
          ...['ReferralRequested', 'ReferralRejected', 'ReferralRequested', 'ReferralLoopClosed'],
          ...['ReferralAcknowledged', 'ReferralAccepted', 'ReferralCompleted', 'ReferralLoopClosed'],
        ],
      );
    },
    2 * MINUTES,
  );

  it(
    'INV-19 ignored: the supervisor of the receiver is asked, then it is back with its sender',
    async () => {
      const scene = of();
      const asked = { receiver: CONATT, service: 'TRAFFICKING_SCREENING', urgency: 'LIFE_SAVING' };
      const referral = await scene.refer(await scene.openCase(), asked);
      const { caseId } = referral;
      await scene.clock.advance(HOUR_MS + 1_000);
      await scene.isShown(referral, { escalatedAt: expect.any(String), nextDueKind: 'ANSWER_ESCALATION' });
      expect(await scene.onList(CONATT, 'supervisor', 'awaiting-us', caseId)).toEqual([referral.id]);
      expect(await scene.onList(INTAKE, 'caseworker', 'awaiting-them', caseId)).toEqual([referral.id]);

      await scene.clock.advance(HOUR_MS + 1_000);
      await scene.isShown(referral, { state: 'EXPIRED', requestStatus: 'EXPIRED' });
      await scene.isShownAt('sender', referral, { senderTask: 'REOPENED', awaits: 'SENDER' });
      const late = await scene.agencies.refusal(CONATT, 'referral-officer', `${pathOf(referral)}/acknowledgement`);
      expect(late).toEqual({ status: 409, code: 'REFERRAL.ALREADY_EXPIRED' });
      expect(await scene.onList(INTAKE, 'caseworker', 'awaiting-us', caseId)).toEqual([referral.id]);
      await scene.step('sender', referral, 'loop-closure', 'EXPIRED', { outcome: 'CONTINUES_HERE' });
      await scene.isShown(referral, { loopOutcome: 'CONTINUES_HERE' });
      await scene.hasEnded(
        [referral],
        ['ReferralRequested', 'ReferralEscalated', 'ReferralExpired', 'ReferralLoopClosed'],
      );
    },
    2 * MINUTES,
  );

  it(
    'waitlisted, asked for information, then full: and the directory says so',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      const referral = await scene.refer(caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM' });
      await scene.receiverDoes(referral, 'acknowledgement');
      const expectedBy = new Date(Date.parse(scene.clock.now()) + 24 * HOUR_MS).toISOString();
      await scene.step('receiver', referral, 'hold', 'ON_HOLD', { reason: 'WAITLIST', expectedBy });
      await scene.isShown(referral, { businessStatus: 'WAITLISTED', holdExpectedBy: expectedBy });
      const question = { reason: 'INFORMATION_REQUESTED', information: ['HEALTH'] };
      await scene.step('receiver', referral, 'hold', 'ON_HOLD', question);
      await scene.isShown(referral, { businessStatus: 'INFORMATION_REQUESTED', awaits: 'SENDER' });
      await scene.step('sender', referral, 'information', 'ON_HOLD', { information: ['HEALTH'] });
      await scene.isShownAt('receiver', referral, { awaits: 'RECEIVER' });

      const listed = `/v1/services?agencyId=${REFUGEE_UNIT}`;
      const { items } = await agencies.get<{ items: { serviceId: string }[] }>(DIRECTORY, 'coordinator', listed);
      const capacity = `/v1/services/${items[0]?.serviceId}/capacity`;
      await agencies.put(DIRECTORY, 'coordinator', capacity, { capacity: 'FULL' });
      await scene.step('receiver', referral, 'rejection', 'REJECTED', { reason: 'NO_CAPACITY' });
      const asked = { service: 'ASYLUM', country: 'CR', urgency: 'ROUTINE', from: INTAKE };
      const routing = { ...asked, person: { ageStatus: 'ADULT' } };
      const { candidates } = await agencies.post<{ candidates: { agencyId: string; reasons: string[] }[] }>(
        ...[DIRECTORY, 'caseworker', '/v1/candidates', routing],
      );
      expect(candidates.find(({ agencyId }) => agencyId === REFUGEE_UNIT)?.reasons).toContain('FULL');
      await scene.step('sender', referral, 'loop-closure', 'REJECTED', { outcome: 'CONTINUES_HERE' });
      await scene.isShown(referral, { requestStatus: 'LOOP_CLOSED' });
      await agencies.put(DIRECTORY, 'coordinator', capacity, { capacity: 'AVAILABLE' });
      await scene.hasEnded(
        [referral],
        [
          ...['ReferralAcknowledged', 'ReferralPutOnHold', 'ReferralPutOnHold', 'ReferralInformationProvided'],
          ...['ReferralRejected', 'ReferralLoopClosed'],
        ],
      );
    },
    2 * MINUTES,
  );
}
