import type { AnyProcedure } from '@acogida/event-store';
import { gateProcedure, isUnderWay } from '@acogida/safeguards';
import type { ErasureObstacle } from '../erasure/erasure-care.ts';

/** An erasure waits for a departure that is under way: who clears it has to be answered (architecture.md §5). Calling it off ends that. */
const departureUnderWay: ErasureObstacle = async ({ node, transaction }, caseId) => {
  const { state } = await node.handler.load(gateProcedure, caseId, transaction);
  return isUnderWay(state.attempt) ? 'DEPARTURE' : null;
};

/** What stands against erasing a case at a node that runs these procedures. */
export function departureObstacles(procedures: readonly AnyProcedure[]): readonly ErasureObstacle[] {
  return procedures.includes(gateProcedure) ? [departureUnderWay] : [];
}
