import { openHolds } from '@acogida/safeguards';
import type { ErasureObstacle } from '../erasure/erasure-care.ts';
import { notTakenOver, openHoldsElsewhere } from './known-holds.ts';
import { ownLedgersOfPerson } from './linked-cases.ts';

/**
 * An erasure waits for open holds: what they protect has not been decided (architecture.md §5). The agency's own, and those that it
 * has heard of: what it keeps may be what the other authority decides by. For those on linked cases as well: nothing links through a
 * case that is erased, and a hold on one side of it would no longer stand for the other (INV-02).
 */
export const openHoldObstacle: ErasureObstacle = async ({ node, transaction }, caseId) => {
  for (const [id, ledger] of await ownLedgersOfPerson(node, caseId, transaction)) {
    if (openHolds(ledger).length > 0) return 'OPEN_HOLD';
    const heard = await openHoldsElsewhere(node, transaction, id);
    if (notTakenOver(heard, ledger).length > 0) return 'OPEN_HOLD';
  }
  return null;
};
