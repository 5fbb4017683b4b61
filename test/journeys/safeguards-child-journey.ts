import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { INTAKE, SENDER_ROLE } from './referral-scene.ts';
import type { Obstacle, SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;
const CHILD_WELFARE = 'cr-child-welfare';
const ALONE = { ageBand: { fromYears: 14, toYears: 15 }, careStatus: 'UNACCOMPANIED' };
const nextStep = 'WAIT_FOR_THE_AUTHORITY';

/** What stands against the departure while child protection has a hold. */
const HELD: readonly Obstacle[] = [
  { refusal: 'HOLD_ACTIVE', authority: CHILD_WELFARE, nextStep },
  { refusal: 'HOLD_HEARD', authority: CHILD_WELFARE, nextStep },
  { refusal: 'HOLD_ACTIVE', authority: INTAKE, nextStep }, // it has heard of it
];

/** A child without guardian, met at the border. */
export function describeChildAlone(of: () => SafeguardsScene): void {
  it(
    'INV-11 a child without guardian: held from the first word of it, and still when a guardian is appointed; under no other case it is grown up',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const child = await scene.registerUnassessed(scene.somebody(), ALONE);
      const { caseId } = child;
      const door = scene.expulsionOf(child);
      await scene.isRefused(door, [{ refusal: 'HOLD_ACTIVE', authority: INTAKE, nextStep }]); // H-01: no checklist lifts it
      const [unassessed] = (await scene.protection(INTAKE, caseId)).holds;
      const assessed = `/v1/cases/${caseId}/holds/${unassessed?.holdId}/lifting`;
      const needs = { reason: 'NEEDS_ASSESSED' };
      expect(await agencies.refusal(INTAKE, 'caseworker', assessed, needs)).toEqual({
        ...{ status: 409, code: 'INTAKE.CHILD_NOT_TAKEN_UP' },
      });

      // who takes the referral on hears of the child, and holds it before anybody there has met it
      const scope = { purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], services: ['CHILD_PROTECTION'] };
      const { id: consentId } = await agencies.post(INTAKE, SENDER_ROLE, '/v1/consents', {
        ...{ ...scope, caseId, recipients: [CHILD_WELFARE], history: 'FROM_OPENING' },
        ...{ basis: 'BEST_INTERESTS_OF_CHILD', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE' },
        ...{ childAssent: 'NOT_APPLICABLE', language: 'spa', interpretation: 'NONE_NEEDED' },
        ...{ explained: true, understandingChecked: true, withoutPenalty: true },
      });
      const asked = { receiver: CHILD_WELFARE, service: 'CHILD_PROTECTION', consentId };
      const referral = await scene.referrals.refer(caseId, asked);
      await scene.referrals.receiverDoes(referral, 'acknowledgement', 'acceptance');
      const both = ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'].map((kind) =>
        expect.objectContaining({ authority: CHILD_WELFARE, kind, isProtected: true }),
      );
      await scene.isProtected(CHILD_WELFARE, caseId, { status: 'PROTECTED', holds: expect.arrayContaining(both) });
      await scene.identify(CHILD_WELFARE, caseId, child.identity);
      await scene.isProtected(INTAKE, caseId, { holds: [{}, {}, {}] });
      await agencies.post(INTAKE, 'caseworker', assessed, needs);
      await scene.isProtected(CHILD_WELFARE, caseId, { holds: [{}, {}] });
      await scene.isRefused(door, HELD);

      // an officer meets it; whoever wants it gone speaks for no child
      const met = { caseId, referralId: referral.id, basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT' };
      const { id } = await agencies.post(CHILD_WELFARE, 'caseworker', '/v1/child-cases', met);
      const guardian = `/v1/child-cases/${id}/guardian`;
      const appointed = { representativeId: randomUUID(), conflicts: [], isVerified: true, views: 'RECORDED' };
      const removing = { ...appointed, post: 'REMOVAL_AUTHORITY' };
      expect(await agencies.refusal(CHILD_WELFARE, 'caseworker', guardian, removing)).toEqual({
        ...{ status: 409, code: 'CHILD.NOT_INDEPENDENT' },
      });
      await agencies.post(CHILD_WELFARE, 'caseworker', guardian, { ...appointed, post: 'GUARDIANSHIP_BODY' });
      const { holds } = await scene.protection(CHILD_WELFARE, caseId);
      expect(holds.map(({ authority, kind }) => [authority, kind])).toEqual([[CHILD_WELFARE, 'CHILD_NO_BID']]);
      await scene.isRefused(door, HELD);
      const lifting = `/v1/cases/${caseId}/holds/${holds[0]?.holdId}/lifting`;
      const favourable = { reason: 'FAVOURABLE_BEST_INTERESTS' };
      expect(await agencies.refusal(CHILD_WELFARE, 'supervisor', lifting, favourable)).toEqual({
        ...{ status: 409, code: 'HOLD.SECOND_OFFICER' },
      });

      // registered once more, as an adult under another case
      const grown = await scene.register(child.identity);
      await scene.isRefused(scene.expulsionOf(grown), [
        { refusal: 'POSSIBLE_MATCH', authority: INTAKE, nextStep: 'AUTHORITY_DECIDES_MATCH' },
        { refusal: 'POSSIBLE_MATCH', authority: CHILD_WELFARE, nextStep: 'AUTHORITY_DECIDES_MATCH' },
      ]);

      // INV-12 and when the guardian is gone, H-11 stands again
      await agencies.post(CHILD_WELFARE, 'caseworker', `${guardian}/end`, { reason: 'UNAVAILABLE' });
      await scene.isProtected(CHILD_WELFARE, caseId, { status: 'PROTECTED', holds: [{}, {}] });
      const path = ['ChildIdentified', 'HoldPlaced', 'GuardianAppointed', 'GuardianEnded'];
      await agencies.heard(async () => expect(await scene.referrals.pathOf(caseId, path)).toEqual(path));
    },
    3 * MINUTES,
  );
}
