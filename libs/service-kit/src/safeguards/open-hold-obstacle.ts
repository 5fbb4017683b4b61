import { holdLedgerProcedure, openHolds } from '@acogida/safeguards';
import type { ErasureObstacle } from '../erasure/erasure-care.ts';

/** An erasure waits for the agency's own holds: what they protect has not been decided (architecture.md §5). */
export const openHoldObstacle: ErasureObstacle = async ({ node, transaction }, caseId) => {
  const { state } = await node.handler.load(holdLedgerProcedure, caseId, transaction);
  return openHolds(state).length > 0 ? 'OPEN_HOLD' : null;
};
