import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reconciliation } from '@acogida/operations';
import { RIGHTS_TOPICS } from '@acogida/reference';
import { eventually } from '@acogida/testing';
import { join } from 'node:path';
import { Agencies } from './agencies.ts';
import { Auditor } from './auditor.ts';
import type { JourneyClock } from './journey-clock.ts';
import { HAS_KEYS_OF_CASES } from './opened-at-newcomer.ts';
import { CONSENT } from './referral-consent-journey.ts';
import { NEWCOMER, Newcomer } from './newcomer.ts';
import {
  CONATT,
  DIRECTORY,
  INTAKE,
  RECEIVER_ROLE,
  REFUGEE_UNIT,
  ReferralScene,
  SENDER_ROLE,
  statedOn,
} from './referral-scene.ts';
import type { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;
const PATIENCE_MS = MINUTES;

interface Counts {
  readonly relay: { readonly published: number };
  readonly inbox: readonly { readonly source: string; readonly lastNumber: number; readonly status: string }[];
}

/** An agency's whole time in the network: it joins while everybody runs, takes part, and is gone for good. */
export function describeJoining(of: () => RunningPlatform, clockOf: () => JourneyClock): void {
  describe('an agency that joins a running platform', () => {
    let platform: RunningPlatform;
    let scene: ReferralScene;
    let agencies: Agencies;
    let newcomer: Newcomer;
    /** A case of the newcomer, referred to another agency and accepted there. */
    let referral: { readonly id: string; readonly caseId: string };
    /** How far its topic counts. */
    let lastGood: readonly string[];

    beforeAll(async () => {
      platform = of();
      agencies = await Agencies.of(platform);
      scene = new ReferralScene(agencies, await Auditor.of(platform), clockOf());
      newcomer = await Newcomer.prepare(platform, clockOf());
    });
    afterAll(() => newcomer?.remove());

    const pids = async (): Promise<readonly (number | null)[]> => (await platform.run()).nodes.map(({ pid }) => pid);

    function countsOf(agency: string): Promise<Counts> {
      const path = '/v1/operations/counts';
      return agency === NEWCOMER ? newcomer.ask(path, 'operator') : agencies.get(agency, 'operator', path);
    }

    /** Every other node that runs has as much of the agency as it says. */
    async function heardEverywhere(agency: string): Promise<void> {
      const readers = [...agencies.run.nodes.map(({ agencyId }) => agencyId), NEWCOMER];
      await eventually(async () => {
        const { published } = (await countsOf(agency)).relay;
        for (const reader of readers.filter((one) => one !== agency)) {
          const row = (await countsOf(reader)).inbox.find(({ source }) => source === agency);
          expect([reader, row?.lastNumber, row?.status]).toEqual([reader, published, 'flowing']);
        }
      }, PATIENCE_MS);
    }

    it(
      'is admitted by the roots, is heard by everybody and hears everybody; nobody is started again',
      async () => {
        const before = await pids();
        const described = ['--kind', 'intake', '--jurisdiction', 'PA', '--name', 'Paso Canoas, Panama'];
        await newcomer.agency('init', '--agency', NEWCOMER, ...described, '--out', newcomer.folder);
        await newcomer.signedByRoots('admit', '--request', newcomer.file('admission-request.json'));
        const file = newcomer.file('admission.json');
        const published = await newcomer.agency('join', file, '--data-dir', platform.dataDir);
        expect(published).toEqual({ published: [{ type: 'admission', agency: NEWCOMER }] });
        const { genesis } = await agencies.get<{ genesis: string }>(INTAKE, 'operator', '/v1/operations/keys');
        await newcomer.startNode(genesis);
        const contact = { place: 'PASO-CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
        const { id: caseId } = await newcomer.ask<{ id: string }>('/v1/cases', 'border-officer', contact);
        await heardEverywhere(NEWCOMER);
        await heardEverywhere(DIRECTORY);
        expect(await pids()).toEqual(before);
        referral = { id: '', caseId };
      },
      4 * MINUTES,
    );

    it(
      'refers a person, and the referral is accepted',
      async () => {
        const { caseId } = referral;
        const asked = { caseId, receiver: CONATT, service: 'TRAFFICKING_SCREENING', urgency: 'URGENT' };
        const body = { ...asked, reason: 'SPECIFIC_NEED', consent: statedOn(scene.clock) };
        await eventually(async () => {
          // 409 until it has heard the offer key of the receiver
          referral = { caseId, ...(await newcomer.ask<{ id: string }>('/v1/referrals', SENDER_ROLE, body)) };
        }, PATIENCE_MS);
        const path = `/v1/referrals/${referral.id}`;
        await agencies.shown(CONATT, RECEIVER_ROLE, path, { state: 'REQUESTED', sender: NEWCOMER });
        for (const step of ['acknowledgement', 'acceptance']) {
          await agencies.post(CONATT, RECEIVER_ROLE, `${path}/${step}`);
        }
        await eventually(async () => {
          expect(await newcomer.ask(path, SENDER_ROLE)).toMatchObject({ state: 'ACCEPTED' });
        }, PATIENCE_MS);
      },
      3 * MINUTES,
    );

    it(
      'let into a case late, reads what its epochs allow and no more',
      async () => {
        const [caseId, foreign] = [await scene.openCase(), await scene.openCase()];
        const scope = { recipients: [NEWCOMER], services: ['SHELTER'], caseId };
        const { id: consentId } = await agencies.post(INTAKE, SENDER_ROLE, '/v1/consents', { ...CONSENT, ...scope });
        const asked = { caseId, receiver: NEWCOMER, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
        const { id } = await agencies.post(INTAKE, SENDER_ROLE, '/v1/referrals', { ...asked, consentId });
        const path = `/v1/referrals/${id}`;
        await eventually(async () => {
          expect(await newcomer.ask(path, RECEIVER_ROLE)).toMatchObject({ state: 'REQUESTED', sender: INTAKE });
        }, PATIENCE_MS);
        for (const step of ['acknowledgement', 'acceptance']) await newcomer.ask(`${path}/${step}`, RECEIVER_ROLE, {});
        await agencies.shown(INTAKE, SENDER_ROLE, path, { state: 'ACCEPTED' });
        const informed = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
        const rights = { ...informed, packageVersion: 'pa-spa-2026.1' };
        await agencies.post(INTAKE, 'border-officer', `/v1/cases/${caseId}/rights-information`, rights);
        // of what the circle was told, that from the epoch on that began when it was let in
        const told = ['CaseOpened', 'ConsentGranted', 'RightsInformationProvided'];
        await eventually(async () => {
          const opened = await newcomer.typesOpened(INTAKE, caseId);
          expect(told.filter((type) => opened.includes(type))).toEqual(HAS_KEYS_OF_CASES ? told.slice(-1) : []);
        }, PATIENCE_MS);
        expect(await newcomer.typesOpened(INTAKE, foreign)).toEqual([]);
      },
      3 * MINUTES,
    );

    it(
      'follows the rotation of another, as everybody does',
      async () => {
        const before = await pids();
        const key = join(platform.dataDir, 'keys', `${INTAKE}.signing.pem`);
        const words = ['--agency', INTAKE, '--signing-key', key, '--data-dir', platform.dataDir];
        expect(await newcomer.agency('rotate-keys', ...words)).toMatchObject({ agency: INTAKE, sequence: 2 });
        await scene.openCase();
        await agencies.shown(INTAKE, 'operator', '/v1/operations/keys', { sequence: 2 });
        await heardEverywhere(INTAKE);
        expect(await pids()).toEqual(before);
      },
      3 * MINUTES,
    );

    it(
      'ends where the roots revoke its key',
      async () => {
        await heardEverywhere(NEWCOMER);
        const { keys, treeSize, treeHead } = await newcomer.ownKeys();
        lastGood = ['--last-good', String(treeSize), '--tree-head', treeHead];
        const key = ['--agency', NEWCOMER, '--key-id', keys.signing.keyId, '--reason', 'KEY_COMPROMISED'];
        const file = newcomer.file('revocation.json');
        await newcomer.signedByRoots('revoke', ...key, ...lastGood, '--out', file);
        await newcomer.agency('publish', file, '--data-dir', platform.dataDir);
        await eventually(
          async () => expect(await newcomer.refusal('/v1/operations/keys', 'operator')).toBe('TRUST.NO_KEYS'),
          PATIENCE_MS,
        );
        await heardEverywhere(DIRECTORY);
      },
      3 * MINUTES,
    );

    it(
      'gone for good, it is succeeded: its successor takes the case at the next term, and gives it on at the one after',
      async () => {
        const { id, caseId } = referral;
        await newcomer.isGone();
        expect(await agencies.refusalToShow(CONATT, SENDER_ROLE, `/v1/custody/${caseId}`)).toEqual({
          ...{ status: 404, code: 'CUSTODY.UNKNOWN' }, // it was referred, never given
        });
        const file = newcomer.file('succession.json');
        await newcomer.signedByRoots('succeed', '--agency', NEWCOMER, '--by', CONATT, ...lastGood, '--out', file);
        await newcomer.agency('publish', file, '--data-dir', platform.dataDir);
        const taken = { term: 2, holder: CONATT, isOurs: true, basis: 'SUCCESSION' };
        await agencies.shown(CONATT, SENDER_ROLE, `/v1/custody/${caseId}`, taken);
        await agencies.shown(CONATT, RECEIVER_ROLE, `/v1/referrals/${id}`, { state: 'ACCEPTED', succeededBy: CONATT });

        const given = { sender: CONATT, receiver: REFUGEE_UNIT, service: 'ASYLUM', transfer: true };
        const transfer = await scene.refer(caseId, given);
        await scene.receiverDoes(transfer, 'acknowledgement', 'acceptance');
        await scene.isShown(transfer, { custodyTerm: 3 });
        const now = { term: 3, holder: REFUGEE_UNIT, basis: 'RELEASED' };
        for (const agency of [CONATT, REFUGEE_UNIT]) {
          await agencies.shown(agency, SENDER_ROLE, `/v1/custody/${caseId}`, now);
        }
        await scene.step('receiver', transfer, 'completion', 'COMPLETED', { result: 'SERVICE_PROVIDED' });
        await scene.step('sender', transfer, 'loop-closure', 'COMPLETED', { outcome: 'NEED_MET' });
        await scene.isShown(transfer, { requestStatus: 'LOOP_CLOSED' });
        const path = ['CaseOpened', 'ReferralRequested', 'ReferralAccepted', 'CustodyReleased', 'ReferralLoopClosed'];
        await eventually(async () => expect(await scene.pathOf(caseId, path)).toEqual(path), PATIENCE_MS);
        const { exitCode, json } = await platform.operate<Reconciliation>('reconcile', '--wait', '60');
        expect(json).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: 0, equal: true });
        expect(exitCode).toBe(0);
      },
      4 * MINUTES,
    );
  });
}
