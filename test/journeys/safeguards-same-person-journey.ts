import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { INTAKE, REFUGEE_UNIT } from './referral-scene.ts';
import type { Identity } from './safeguards-people.ts';
import type { Obstacle, SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;
const OFFICER = 'eligibility-officer';

/** Two identities of which an officer has to say whether they are one person's. */
interface PossibleMatch {
  readonly matchId: string;
  readonly caseId: string;
  readonly askedCaseId: string;
  readonly askedBy: string;
}

function possibleMatch(authority: string): Obstacle {
  return { refusal: 'POSSIBLE_MATCH', authority, nextStep: 'AUTHORITY_DECIDES_MATCH' };
}

function held(authority: string): Obstacle {
  return { refusal: 'HOLD_ACTIVE', authority, nextStep: 'WAIT_FOR_THE_AUTHORITY' };
}

/** As another office writes the same person down: other order, no accents, no document. */
function writtenOtherwise({ names, dateOfBirth }: Identity): Identity {
  const plain = names.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  return { names: plain.split(' ').reverse().join(' '), dateOfBirth, documents: [] };
}

/** Somebody is known under another case than the one that a gate asks about. */
export function describeSamePerson(of: () => SafeguardsScene): void {
  /** A direct filing of which the intake agency knows nothing. @returns its case */
  async function seeksAsylumElsewhere(identity: Identity): Promise<string> {
    const caseId = randomUUID();
    await of().lodgeAsylum(caseId);
    await of().identify(REFUGEE_UNIT, caseId, identity);
    return caseId;
  }

  /** What waits for an officer of an agency on one of its cases: one match. */
  async function matchOf(agency: string, role: string, caseId: string): Promise<PossibleMatch> {
    const path = `/v1/cases/${caseId}/possible-matches`;
    const { matches } = await of().agencies.get<{ matches: PossibleMatch[] }>(agency, role, path);
    expect(matches).toHaveLength(1);
    return matches[0] as PossibleMatch;
  }

  /** @param standing what stands then, where it is not what the officer says */
  async function decides(
    agency: string,
    role: string,
    { caseId, matchId }: PossibleMatch,
    decision: 'SAME_PERSON' | 'OTHER_PERSON',
    standing: object = { decision },
  ): Promise<void> {
    const path = `/v1/cases/${caseId}/possible-matches/${matchId}/decision`;
    const decided = await of().agencies.put(agency, role, path, { decision, reason: 'RECORDS_COMPARED' });
    expect(decided).toMatchObject(standing);
  }

  it(
    'INV-02 the same person registered under another case elsewhere: a possible match refuses, and once an officer has said that it is one person, so do the holds of both cases',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const person = await scene.register();
      const door = scene.expulsionOf(person);
      const elsewhere = await seeksAsylumElsewhere(writtenOtherwise(person.identity));
      await scene.isRefused(door, [possibleMatch(REFUGEE_UNIT)]);
      // INV-17 whoever asked is not told who was found, nor is enforcement staff anywhere
      expect(JSON.stringify(await scene.gateScreen(door))).not.toContain(elsewhere);
      for (const agency of [INTAKE, REFUGEE_UNIT])
        expect(await agencies.refusalToShow(agency, 'border-officer', '/v1/possible-matches')).toMatchObject({
          status: 403,
        });

      const match = await matchOf(REFUGEE_UNIT, OFFICER, elsewhere);
      expect(match).toMatchObject({ caseId: elsewhere, askedCaseId: person.caseId, askedBy: INTAKE });
      await decides(REFUGEE_UNIT, OFFICER, match, 'SAME_PERSON');
      await scene.isRefused(door, [held(REFUGEE_UNIT)]);
      // the authority refuses by its own word, the gate hears of it by the log
      await scene.isOnGateScreen(door, { linkedCaseIds: [elsewhere] });
      await agencies.heard(async () => expect(await scene.referrals.typesOf(elsewhere)).toContain('CasesLinked'));
      const [hold] = (await scene.protection(REFUGEE_UNIT, elsewhere)).holds;
      const shown = { holdId: hold?.holdId, authority: REFUGEE_UNIT, kind: null, isOfLinkedCase: true };
      await scene.isProtected(REFUGEE_UNIT, person.caseId, { status: 'PROTECTED', holds: [shown] });

      // what ends on the one case lets the other go
      await scene.liftByTwo(REFUGEE_UNIT, elsewhere, hold?.holdId ?? '', 'FINAL_DECISION');
      await scene.leaves(door, await scene.isWarranted(door));
    },
    2 * MINUTES,
  );

  it(
    'S1 a warrant that is out ends when its case turns out to be that of somebody who is held under another one',
    async () => {
      const scene = of();
      const person = await scene.register();
      const door = scene.expulsionOf(person);
      const departureId = await scene.isWarranted(door);
      // a colleague registers them anew, and has not assessed what they need (H-01)
      const again = await scene.registerUnassessed(writtenOtherwise(person.identity));
      await scene.isRefused(scene.expulsionOf(again), [held(INTAKE), possibleMatch(INTAKE)]);
      await decides(INTAKE, 'supervisor', await matchOf(INTAKE, 'supervisor', person.caseId), 'SAME_PERSON');
      await scene.isShut(door, departureId);
      await scene.isOnGateScreen(door, {
        ...{ attempt: { departureId, status: 'ENDED', end: 'CASES_LINKED', validForMs: 0 } },
        ...{ departures: [], linkedCaseIds: [again.caseId] },
      });
      await scene.isRefused(door, [held(INTAKE)]);
      await scene.isProtected(INTAKE, person.caseId, { status: 'PROTECTED', holds: [{ isOfLinkedCase: true }] });
    },
    2 * MINUTES,
  );

  it(
    'another person who is alike passes once an officer has said so, or two where one took both for the same, and the hold of the other stays',
    async () => {
      const scene = of();
      const [alike, mistaken] = [await scene.register(), await scene.register()];
      for (const person of [alike, mistaken]) {
        const door = scene.expulsionOf(person);
        const elsewhere = await seeksAsylumElsewhere(writtenOtherwise(person.identity));
        await scene.isRefused(door, [possibleMatch(REFUGEE_UNIT)]);
        const match = await matchOf(REFUGEE_UNIT, OFFICER, elsewhere);
        if (person === mistaken) {
          await decides(REFUGEE_UNIT, OFFICER, match, 'SAME_PERSON');
          await scene.isRefused(door, [held(REFUGEE_UNIT)]); // asked anew, so that officers see whom it is about
          await matchOf(REFUGEE_UNIT, OFFICER, elsewhere);
          await decides(REFUGEE_UNIT, OFFICER, match, 'OTHER_PERSON', { decision: 'SAME_PERSON' });
          await scene.isRefused(door, [held(REFUGEE_UNIT)]);
        }
        const role = person === mistaken ? 'supervisor' : OFFICER;
        await decides(REFUGEE_UNIT, role, await matchOf(REFUGEE_UNIT, role, elsewhere), 'OTHER_PERSON');
        await scene.leaves(door, await scene.isWarranted(door));
        await scene.isOnGateScreen(door, { linkedCaseIds: [], departures: [{ isWarranted: true }] });
        await scene.isProtected(REFUGEE_UNIT, elsewhere, { status: 'PROTECTED', holds: [{ kind: 'ASYLUM_PENDING' }] });
      }
    },
    2 * MINUTES,
  );
}
