import type { JsonObject } from '@acogida/core';
import type { HoldLedger } from '@acogida/safeguards';

/** What every command on a hold answers (`HoldAnswer`). */
export function holdAnswerOf({ holds }: HoldLedger, holdId: string, version: number): JsonObject {
  const hold = holds.find((one) => one.holdId === holdId);
  return {
    ...{ id: holdId, version, isOpen: hold?.isOpen === true },
    isProtected: hold?.isOpen === true && hold.protection !== null,
    isLiftProposed: hold !== undefined && hold.proposal !== null,
  };
}
