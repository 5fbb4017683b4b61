import { GUARDS_OF_CHANGE } from './guards-of-change.ts';
import { GUARDS_OF_LINKED_CASES } from './guards-of-linked-cases.ts';
import { GUARDS_OF_ONE_CASE } from './guards-of-one-case.ts';
import type { RemovedGuard } from './removing.ts';

/** Each guard of the safeguards, with what the nodes do without it. */
export const REMOVED_GUARDS: Readonly<Record<string, RemovedGuard>> = {
  ...GUARDS_OF_ONE_CASE,
  ...GUARDS_OF_LINKED_CASES,
  ...GUARDS_OF_CHANGE,
};
