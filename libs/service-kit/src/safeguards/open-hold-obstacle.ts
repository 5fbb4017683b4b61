import { openHolds } from '@acogida/safeguards';
import type { ErasureObstacle } from '../erasure/erasure-care.ts';
import { ownLedgersOfPerson } from './linked-cases.ts';

/**
 * An erasure waits for the agency's own holds: what they protect has not been decided (architecture.md §5). For those on linked cases as
 * well: nothing links through a case that is erased, and a hold on one side of it would no longer stand for the other (INV-02).
 */
export const openHoldObstacle: ErasureObstacle = async ({ node, transaction }, caseId) => {
  const person = await ownLedgersOfPerson(node, caseId, transaction);
  return person.some(([, ledger]) => openHolds(ledger).length > 0) ? 'OPEN_HOLD' : null;
};
