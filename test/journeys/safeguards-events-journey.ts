import { expect, it } from '@jest/globals';
import type { Reconciliation } from '@acogida/operations';
import { RIGHTS_TOPICS } from '@acogida/reference';
import { randomUUID } from 'node:crypto';
import { publishFromAnotherRelease } from './planted-outbox.ts';
import { COMAR, CONATT, INTAKE, REFUGEE_UNIT } from './referral-scene.ts';
import type { Obstacle, SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;
const RIGHTS = { language: 'spa', interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };

const waiting = (refusal: string, authority: string | null): Obstacle => ({
  ...{ refusal, authority, nextStep: 'SETTLE_EVENTS' },
});

/** Something of the case was said and has not taken effect: whoever waits for it does not clear, and of this person only (INV-02). */
export function describeWaitingEvents(of: () => SafeguardsScene): void {
  it(
    'INV-02 an event of the case whose cause is missing: this person does not leave, another does, until the cause is here',
    async () => {
      const scene = of();
      const { platform, agencies } = scene;
      const [held, other] = [await scene.register(), await scene.register()];
      const door = scene.expulsionOf(held);
      await scene.isWarranted(door);
      const { attempt } = await scene.gateScreen<{ attempt: { asked: string[] } }>(door);

      const cause = { source: CONATT, id: randomUUID() };
      const said = { type: 'RightsInformationProvided', data: { ...RIGHTS, packageVersion: 'mx-spa-2026.1' } };
      const about = { ...said, caseId: held.caseId };
      await publishFromAnotherRelease(platform, agencies, COMAR, { ...about, causation: cause });
      const whoWait = [null, ...attempt.asked.filter((one) => one !== CONATT)]; // who caused it need not wait for itself
      await scene.isRefused(
        door,
        whoWait.map((authority) => waiting('EVENT_PARKED', authority)),
      );
      const free = scene.expulsionOf(other);
      await scene.leaves(free, await scene.isWarranted(free));

      await publishFromAnotherRelease(platform, agencies, CONATT, { ...about, id: cause.id });
      await scene.leaves(door, await scene.isWarranted(door));
    },
    2 * MINUTES,
  );

  it(
    'INV-02 an event of the case in quarantine at the gate: this person does not leave, another does, until it is retried',
    async () => {
      const scene = of();
      const { platform, agencies, referrals } = scene;
      const [held, other] = [await scene.register(), await scene.register()];
      const door = scene.expulsionOf(held);
      const consentId = await scene.consentToReferral(held.caseId, REFUGEE_UNIT, 'ASYLUM');
      const referral = await referrals.refer(held.caseId, { receiver: REFUGEE_UNIT, service: 'ASYLUM', consentId });
      await scene.isWarranted(door);

      await agencies.rowsAt(
        INTAKE,
        `CREATE FUNCTION fail_for_this_person() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
           IF NEW.case_id = '${held.caseId}' THEN RAISE EXCEPTION 'a fault of this node'; END IF;
           RETURN NEW;
         END $$;
         CREATE TRIGGER faulty BEFORE UPDATE ON referral FOR EACH ROW EXECUTE FUNCTION fail_for_this_person();`,
      );
      await agencies.post(REFUGEE_UNIT, 'referral-officer', `/v1/referrals/${referral.id}/acknowledgement`);
      await scene.isRefused(door, [waiting('EVENT_QUARANTINED', null), waiting('EVENT_QUARANTINED', INTAKE)]);
      const free = scene.expulsionOf(other);
      await scene.leaves(free, await scene.isWarranted(free));

      await agencies.rowsAt(INTAKE, 'DROP TRIGGER faulty ON referral');
      await agencies.heard(async () => {
        expect((await platform.operate('quarantine', 'retry', '--all')).exitCode).toBe(0);
      });
      await scene.leaves(door, await scene.isWarranted(door));
      await referrals.isShown(referral, { state: 'ACKNOWLEDGED' });
    },
    2 * MINUTES,
  );

  it(
    'reconcile after them: nothing lost, nothing twice, nothing out of order, nothing that waits',
    async () => {
      const { exitCode, json } = await of().platform.operate<Reconciliation>('reconcile', '--wait', '60');
      expect(json).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: 0, equal: true });
      expect(exitCode).toBe(0);
    },
    2 * MINUTES,
  );
}
