import { expect, it } from '@jest/globals';
import { CONATT, type Referral, SENDER_ROLE } from './referral-scene.ts';
import { CONSENT } from './referral-consent-journey.ts';
import { type Door, type Person, RETURN_UNIT, type SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;

/** Somebody who may return, and is asked about at the door. */
interface Returning extends Person {
  readonly returnCaseId: string;
  readonly door: Door;
}

/** H-17 stands again at the return unit, and its gate's attempt has ended with it. */
async function staysHere(scene: SafeguardsScene, { caseId, returnCaseId, door }: Returning, id: string): Promise<void> {
  const { agencies } = scene;
  await agencies.shown(RETURN_UNIT, 'caseworker', `/v1/return-cases/${returnCaseId}`, { stage: 'WITHDRAWN' });
  await scene.isShut(door, id, 'RETURN.NO_CONSENT');
  await scene.isOnGateScreen(door, {
    ...{ departures: [], attempt: { departureId: id, status: 'ENDED', end: 'CONSENT_WITHDRAWN', validForMs: 0 } },
  });
  await scene.isProtected(RETURN_UNIT, caseId, {
    ...{ status: 'PROTECTED', holds: [{ authority: RETURN_UNIT, kind: 'VOLUNTARINESS', isProtected: true }] },
  });
  const asked = await agencies.refusal(door.agency, door.role, door.path, door.body);
  expect(asked).toEqual({ status: 409, code: 'RETURN.NO_CONSENT' });
}

/** The return unit refers the person under a consent that is for returning as well; CONATT accepts. */
async function consentSharedWith(scene: SafeguardsScene, caseId: string): Promise<{ id: string; referral: Referral }> {
  const scope = {
    purposes: ['REFERRAL', 'RETURN'],
    ageStatus: 'ADULT',
    givenBy: 'SELF',
    childAssent: 'NOT_APPLICABLE',
  };
  const consent = { ...CONSENT, ...scope, caseId };
  const { id } = await scene.agencies.post(RETURN_UNIT, SENDER_ROLE, '/v1/consents', consent);
  const asked = { sender: RETURN_UNIT, receiver: CONATT, service: 'TRAFFICKING_SCREENING', consentId: id };
  const referral = await scene.referrals.refer(caseId, asked);
  await scene.referrals.receiverDoes(referral, 'acknowledgement', 'acceptance');
  return { id, referral };
}

/** Who has a warrant to return, and says at the door that they do not want to. */
export function describeReturns(of: () => SafeguardsScene): void {
  it(
    'INV-14 consent withdrawn at the door, told to the carrier or at a third agency: nobody boards, and H-17 stands again',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const applied = async (person: Person): Promise<Returning> => {
        const returnCaseId = await scene.applyForReturn(person);
        return { ...person, returnCaseId, door: scene.returnOf(person, returnCaseId) };
      };
      const tells = await applied(await scene.register());
      const isHeard = await applied(await scene.register());
      const shared = await consentSharedWith(scene, isHeard.caseId);
      const both = [tells, isHeard];
      for (const { returnCaseId, caseId } of both) {
        await scene.consentToReturn(returnCaseId);
        // INV-02 it holds at the gate of another agency as well
        await scene.isRefused(scene.expulsionOf({ caseId }), [
          { refusal: 'HOLD_ACTIVE', authority: RETURN_UNIT, nextStep: 'WAIT_FOR_THE_AUTHORITY' },
        ]);
      }
      await scene.coolOff();
      for (const { returnCaseId } of both) await scene.approveReturn(returnCaseId);

      // told to whoever is there, with the warrant in hand
      const toldOf = await scene.isWarranted(tells.door);
      await scene.returnStep(tells.returnCaseId, 'withdrawal', { toldTo: 'CARRIER' }, 'coordinator');
      await staysHere(scene, tells, toldOf);
      await scene.isRefused(scene.expulsionOf(tells), [
        { refusal: 'HOLD_ACTIVE', authority: RETURN_UNIT, nextStep: 'WAIT_FOR_THE_AUTHORITY' },
      ]);

      // said at another agency, and heard over the log
      const heardOf = await scene.isWarranted(isHeard.door);
      await agencies.post(CONATT, SENDER_ROLE, `/v1/consents/${shared.id}/withdrawal`, { reason: 'SAFETY_CONCERN' });
      await staysHere(scene, isHeard, heardOf);
      await scene.referrals.isShown(shared.referral, { requestStatus: 'CANCELLED', cancelReason: 'CONSENT_WITHDRAWN' });

      // nothing of it is taken up again without counselling
      const anew = {
        form: 'WRITTEN',
        givenBy: 'SELF',
        assent: 'NOT_APPLICABLE',
        hasIndependentWitness: false,
        ties: [],
      };
      const talk = { language: 'spa', interpretation: 'IN_PERSON', isDetained: false, signedAt: scene.clock.now() };
      const path = `/v1/return-cases/${tells.returnCaseId}/consent`;
      expect(await agencies.refusal(RETURN_UNIT, 'caseworker', path, { ...talk, ...anew })).toEqual({
        ...{ status: 409, code: 'RETURN.NOT_INFORMED' },
      });
      const told = ['ReturnApplicationSubmitted', 'VoluntaryConsentSigned', 'ReturnConsentWithdrawn'];
      for (const { caseId } of both)
        await agencies.heard(async () => expect(await scene.referrals.pathOf(caseId, told)).toEqual(told));
      expect(await scene.referrals.typesOf(isHeard.caseId)).not.toContain('ReturnDepartureConfirmed');
    },
    3 * MINUTES,
  );
}
