import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { NEWCOMER, Newcomer } from './newcomer.ts';
import { COMAR, INTAKE, RECEIVER_ROLE, SENDER_ROLE } from './referral-scene.ts';
import {
  type Obstacle,
  type Person,
  RETURN_UNIT,
  type SafeguardsScene,
  SOONER,
  STALE_AFTER_MS,
} from './safeguards-scene.ts';

const MINUTES = 60_000;
const HEARD_WITHIN_MS = 60_000;
const HOLD = 'ASYLUM_INTENT';
const nextStep = 'WAIT_FOR_THE_AUTHORITY';

/** What the successor answers. */
function ofSuccessor(refusal: 'HOLD_ACTIVE' | 'AWAITS_ATTESTATION'): readonly Obstacle[] {
  return [{ refusal, authority: COMAR, nextStep: refusal === 'HOLD_ACTIVE' ? nextStep : 'OFFICER_ATTESTS' }];
}

interface Counts {
  readonly relay: { readonly published: number };
  readonly inbox: readonly { readonly source: string; readonly lastNumber: number }[];
}

/** What stands against the departure whoever answers for the hold: it was heard of, and its authority has it open. */
function heldBy(authority: string): readonly Obstacle[] {
  return [
    { refusal: 'HOLD_HEARD', authority, nextStep },
    { refusal: 'HOLD_ACTIVE', authority: INTAKE, nextStep }, // it has heard of it as well
  ];
}

/** A hold whose agency is gone for good. Its node is on a machine of its own; its successor is asked by no gate of the country. */
export function describeSuccessor(of: () => SafeguardsScene): void {
  describe('a hold whose agency is dissolved', () => {
    let scene: SafeguardsScene;
    let owner: Newcomer;
    let person: Person;
    let holdId: string;
    /** How far the topic of its agency counts. */
    let lastGood: readonly string[];

    beforeAll(async () => {
      scene = of();
      owner = await Newcomer.prepare(scene.platform, scene.clock, SOONER);
    });
    afterAll(() => owner?.remove());

    async function joins(): Promise<void> {
      const described = ['--kind', 'intake', '--jurisdiction', 'PA', '--name', 'Paso Canoas, Panama'];
      await owner.agency('init', '--agency', NEWCOMER, ...described, '--out', owner.folder);
      await owner.signedByRoots('admit', '--request', owner.file('admission-request.json'));
      await owner.agency('join', owner.file('admission.json'), '--data-dir', scene.platform.dataDir);
      const { genesis } = await scene.agencies.get<{ genesis: string }>(INTAKE, 'operator', '/v1/operations/keys');
      await owner.startNode(genesis);
    }

    /** Every other node has as much of it as it says. */
    async function heardEverywhere(): Promise<void> {
      const counts = '/v1/operations/counts';
      await eventually(async () => {
        const { published } = (await owner.ask<Counts>(counts, 'operator')).relay;
        for (const { agencyId } of scene.agencies.run.nodes) {
          const { inbox } = await scene.agencies.get<Counts>(agencyId, 'operator', counts);
          const { lastNumber } = inbox.find(({ source }) => source === NEWCOMER) ?? {};
          expect([agencyId, lastNumber]).toEqual([agencyId, published]);
        }
      }, HEARD_WITHIN_MS);
    }

    /** Both are referred the person: the owner of the hold, and who will succeed it. */
    async function refers(): Promise<void> {
      const { caseId } = person;
      await scene.referAndAccept(caseId, COMAR);
      const consentId = await scene.consentToReferral(caseId, NEWCOMER, 'SHELTER');
      const asked = {
        caseId,
        consentId,
        receiver: NEWCOMER,
        service: 'SHELTER',
        urgency: 'URGENT',
        reason: 'SPECIFIC_NEED',
      };
      const { id } = await eventually(
        () => scene.agencies.post(INTAKE, SENDER_ROLE, '/v1/referrals', asked),
        HEARD_WITHIN_MS,
      );
      const path = `/v1/referrals/${id}`;
      await eventually(
        async () => expect(await owner.ask(path, RECEIVER_ROLE)).toMatchObject({ state: 'REQUESTED' }),
        HEARD_WITHIN_MS,
      );
      for (const step of ['acknowledgement', 'acceptance']) await owner.ask(`${path}/${step}`, RECEIVER_ROLE, {});
      await scene.agencies.shown(INTAKE, SENDER_ROLE, path, { state: 'ACCEPTED' });
    }

    it(
      'INV-02 is heard by the gate, which asks an agency that is on no list of the country',
      async () => {
        person = await scene.register();
        await joins();
        await refers();
        const { id } = await owner.ask<{ id: string }>(`/v1/cases/${person.caseId}/holds`, 'caseworker', {
          kind: HOLD,
        });
        holdId = id;
        for (const agency of [INTAKE, COMAR])
          await scene.isProtected(agency, person.caseId, { holds: [{ holdId, authority: NEWCOMER }] });
        await scene.isRefused(scene.expulsionOf(person), [
          ...heldBy(NEWCOMER),
          { refusal: 'HOLD_ACTIVE', authority: NEWCOMER, nextStep },
        ]);
      },
      3 * MINUTES,
    );

    it(
      'INV-02 still blocks when its node is gone, and nobody else lifts it',
      async () => {
        await heardEverywhere();
        const { treeSize, treeHead } = await owner.ownKeys();
        lastGood = ['--last-good', String(treeSize), '--tree-head', treeHead];
        await owner.isGone();
        await scene.clock.advance(STALE_AFTER_MS + 1_000);
        await scene.isRefused(scene.expulsionOf(person), [
          ...heldBy(NEWCOMER),
          { refusal: 'UNREACHABLE', authority: NEWCOMER, nextStep: 'REACH_FOCAL_POINT' },
          { refusal: 'AUTHORITY_STALE', authority: NEWCOMER, nextStep: 'REACH_FOCAL_POINT' },
        ]);
        const hold = `/v1/cases/${person.caseId}/holds/${holdId}`;
        expect(await scene.agencies.refusal(COMAR, 'supervisor', `${hold}/takeover`)).toEqual({
          ...{ status: 403, code: 'HOLD.NOT_THE_SUCCESSOR' },
        });
        expect(
          await scene.agencies.refusal(COMAR, 'supervisor', `${hold}/lifting/proposal`, { reason: 'INFORMED_WAIVER' }),
        ).toEqual({ status: 404, code: 'HOLD.UNKNOWN' });
      },
      2 * MINUTES,
    );

    it(
      'INV-02 is taken over by the successor whom the roots name, and protects under the same id',
      async () => {
        const file = owner.file('succession.json');
        await owner.signedByRoots('succeed', '--agency', NEWCOMER, '--by', COMAR, ...lastGood, '--out', file);
        await owner.agency('publish', file, '--data-dir', scene.platform.dataDir);
        for (const agency of [INTAKE, COMAR])
          await scene.isProtected(agency, person.caseId, {
            holds: [{ holdId, authority: NEWCOMER, mustAct: [{ agency: COMAR, step: 'AUTHORITY_DECIDES' }] }],
          });
        const obstacles = [...heldBy(COMAR), ...ofSuccessor('HOLD_ACTIVE'), ...ofSuccessor('AWAITS_ATTESTATION')];
        await scene.isRefused(scene.expulsionOf(person), obstacles);

        const path = `/v1/cases/${person.caseId}/holds/${holdId}/takeover`;
        expect(await scene.agencies.post(COMAR, 'supervisor', path)).toMatchObject({ id: holdId, isOpen: true });
        const taken = { holdId, authority: COMAR, kind: HOLD, isProtected: true, basis: 'HALTED' };
        await scene.isProtected(COMAR, person.caseId, { status: 'PROTECTED', holds: [taken] });
        await scene.isProtected(INTAKE, person.caseId, {
          status: 'HELD_ELSEWHERE',
          holds: [{ holdId, authority: COMAR }],
        });
        const told = { refusal: 'HOLD_ACTIVE', authority: RETURN_UNIT, nextStep }; // a gate that had to halt for it, too
        await scene.isRefused(scene.expulsionOf(person), [...obstacles, told]);
      },
      2 * MINUTES,
    );

    it(
      'is lifted by two officers of the successor alone, and nobody leaves before what the one before may have cleared is over',
      async () => {
        const door = scene.expulsionOf(person);
        await scene.liftByTwo(COMAR, person.caseId, holdId, 'INFORMED_WAIVER');
        for (const agency of [INTAKE, COMAR])
          await scene.isProtected(agency, person.caseId, { status: 'NO_HOLD_KNOWN', holds: [] });
        await scene.isRefused(door, ofSuccessor('AWAITS_ATTESTATION'));
        // the longest lease, ten minutes of the successor's own process: no calendar that is put forward ends it
        const counted = [`succession:${NEWCOMER}`];
        await scene.agencies.rowsAt(COMAR, 'INSERT INTO forgotten_lease VALUES ($1)', counted);
        await scene.leaves(door, await scene.isWarranted(door));
      },
      2 * MINUTES,
    );
  });
}
