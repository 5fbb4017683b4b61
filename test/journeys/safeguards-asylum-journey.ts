import { expect, it } from '@jest/globals';
import { INTAKE, REFUGEE_UNIT } from './referral-scene.ts';
import type { SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;

/** Somebody applies for asylum while a warrant is out by which they may be made to leave. */
export function describeAsylumAtTheDoor(of: () => SafeguardsScene): void {
  it(
    'S1 INV-02 asylum lodged between clearance and departure: the halt shuts the door, and H-03 protects',
    async () => {
      const scene = of();
      const person = await scene.register();
      const door = scene.expulsionOf(person);
      const departureId = await scene.isWarranted(door);
      await scene.lodgeAsylum(person.caseId);
      await scene.isProtected(REFUGEE_UNIT, person.caseId, {
        status: 'PROTECTED',
        holds: [
          {
            kind: 'ASYLUM_PENDING',
            isProtected: true,
            basis: 'HALTED',
            isOvertaken: false,
            mustAct: [{ step: 'AUTHORITY_DECIDES' }],
          },
        ],
      });
      await scene.isProtected(INTAKE, person.caseId, {
        status: 'HELD_ELSEWHERE',
        holds: [{ authority: REFUGEE_UNIT }],
      });
      await scene.isShut(door, departureId);
      await scene.isOnGateScreen(door, {
        // whichever of the two words was read first
        attempt: { departureId, status: 'ENDED', end: expect.stringMatching(/^(HALTED|HOLD_HEARD)$/), validForMs: 0 },
        halts: [{ authority: REFUGEE_UNIT, outcome: 'VOIDED' }],
        departures: [],
      });
    },
    2 * MINUTES,
  );

  it(
    'S3 asylum lodged while its authority is not heard: who left by a warrant is reported as overtaken, with an alarm',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const person = await scene.register();
      const door = scene.expulsionOf(person);
      const departureId = await scene.isWarranted(door);
      await agencies.whileSilent(REFUGEE_UNIT, async () => {
        await scene.lodgeAsylum(person.caseId);
        await scene.isProtected(REFUGEE_UNIT, person.caseId, {
          status: 'NOT_YET_PROTECTED',
          holds: [{ isProtected: false, mustAct: [{ agency: INTAKE, step: 'GATE_ANSWERS_HALT' }] }],
        });
        await scene.leaves(door, departureId);
      });
      await scene.isProtected(REFUGEE_UNIT, person.caseId, {
        holds: [{ kind: 'ASYLUM_PENDING', basis: 'OVERTAKEN', isOvertaken: true }],
      });
      await scene.hasRaised(REFUGEE_UNIT, 'overtaken');
      await scene.isOnGateScreen(door, {
        departures: [{ departureId, isWarranted: true }],
        halts: [{ authority: REFUGEE_UNIT, outcome: 'DEPARTED' }],
      });
    },
    2 * MINUTES,
  );
}
