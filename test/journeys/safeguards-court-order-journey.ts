import { expect, it } from '@jest/globals';
import { CONATT, DIRECTORY, INTAKE } from './referral-scene.ts';
import type { SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;
const ORDER = 'COURT_OR_INTERIM_MEASURE';
const OF_CONATT = ['TRAFFICKING_SCREENING', 'REFLECTION_PERIOD', 'TRAFFICKING_RISK'];

/** An order of a court, which reaches whatever agency the directory names for it. */
export function describeCourtOrder(of: () => SafeguardsScene): void {
  it(
    'INV-02 a court order (H-16) that comes under a warrant: placed by counsel of the agency that is named for it, and lifted when it ends',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const [{ caseId }, earlier] = [await scene.register(), await scene.register()];
      const door = scene.expulsionOf({ caseId });
      const holds = `/v1/cases/${caseId}/holds`;
      const unnamed = await agencies.refusal(CONATT, 'legal-counsel', holds, { kind: ORDER });
      expect(unnamed).toEqual({ status: 403, code: 'HOLD.NOT_ITS_AUTHORITY' });
      const named = `/v1/clearance-authorities/CR/${CONATT}`;
      await agencies.put(DIRECTORY, 'coordinator', named, { holds: [...OF_CONATT, ORDER] });
      // once it has heard that it may
      await agencies.heard(() => scene.placeHold(CONATT, 'legal-counsel', earlier.caseId, ORDER));

      const id = await scene.isWarranted(door);
      expect(await agencies.refusal(CONATT, 'caseworker', holds, { kind: ORDER })).toEqual({
        ...{ status: 403, code: 'HOLD.NOT_YOUR_ROLE' },
      });
      const holdId = await scene.placeHold(CONATT, 'legal-counsel', caseId, ORDER);
      const order = { holdId, authority: CONATT, kind: ORDER, isProtected: true, basis: 'HALTED', isOvertaken: false };
      await scene.isProtected(CONATT, caseId, { status: 'PROTECTED', holds: [order] });
      await scene.isShut(door, id);
      const nextStep = 'WAIT_FOR_THE_AUTHORITY';
      await scene.isRefused(door, [
        { refusal: 'HOLD_ACTIVE', authority: CONATT, nextStep },
        { refusal: 'HOLD_HEARD', authority: CONATT, nextStep },
        { refusal: 'HOLD_ACTIVE', authority: INTAKE, nextStep }, // it was told
      ]);
      await scene.isProtected(INTAKE, caseId, { status: 'HELD_ELSEWHERE', holds: [{ holdId, kind: null }] }); // INV-17

      // only counsel lifts it, and only because the order has ended
      const lifting = `${holds}/${holdId}/lifting`;
      expect(await agencies.refusal(CONATT, 'eligibility-officer', lifting, { reason: 'ORDER_ENDED' })).toEqual({
        ...{ status: 403, code: 'HOLD.NOT_YOUR_ROLE' },
      });
      expect(await agencies.refusal(CONATT, 'legal-counsel', lifting, { reason: 'FINAL_DECISION' })).toEqual({
        ...{ status: 422, code: 'HOLD.REASON_NOT_OF_KIND' },
      });
      await scene.isShut(door, id);
      await agencies.post(CONATT, 'legal-counsel', lifting, { reason: 'ORDER_ENDED' });
      await scene.isProtected(INTAKE, caseId, { status: 'NO_HOLD_KNOWN' });
      await scene.leaves(door, await scene.isWarranted(door));
    },
    2 * MINUTES,
  );
}
