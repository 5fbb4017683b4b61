import type { ContractPayload, MemberRemovedV1Data } from '@acogida/contracts';
import type { InboxSealing, LostText } from '@acogida/event-log';
import type { CaseCircles } from './case-circles.ts';
import type { KeyTurn } from './key-turn.ts';

/** What the removals of a lost life are read and made good with. */
export interface LostRemovalsOptions {
  readonly agencyId: string;
  readonly sealing: Pick<InboxSealing, 'prepare' | 'read'>;
  readonly circles: Pick<CaseCircles, 'members' | 'remove'>;
  /** A turn in a transaction of its own. It has to pass by the recovery gate: what makes the circle smaller waits for nobody. */
  readonly inTurn: (work: (turn: KeyTurn) => Promise<void>) => Promise<void>;
}

/**
 * Shuts out again whom this agency had shut out after the copy was made that its database was restored from: the circle of the copy
 * still has them, and they would be given the keys of the next epoch. To be done before anything is sealed; done again, it changes
 * nothing. A removal that was said under a key that is lost with the database is not known, and not made good.
 *
 * @param lost `MemberRemoved` of this agency (`RecoveryGate.lostOf`)
 * @returns how many were shut out
 */
export async function removeAgain(lost: readonly LostText[], options: LostRemovalsOptions): Promise<number> {
  const { agencyId: source, sealing, circles, inTurn } = options;
  let removed = 0;
  for (const { data, ...bound } of lost) {
    const header = { ...bound, source };
    await sealing.prepare([header]);
    const reading = sealing.read(header, data);
    if (reading.kind !== 'opened') continue; // its key went in the meantime: the case was erased
    const payload = JSON.parse(reading.text) as ContractPayload;
    const { caseId } = payload;
    const { agency, reason } = payload.data as unknown as MemberRemovedV1Data;
    if (caseId === null) continue;
    await inTurn(async (turn) => {
      const members = await circles.members(turn, caseId);
      if (members.every((member) => member.agency !== agency)) return;
      await circles.remove(turn, caseId, agency, reason);
      removed += 1;
    });
  }
  return removed;
}
