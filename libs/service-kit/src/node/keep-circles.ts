import { CircleKeepingHandler, type CircleKeepingOptions } from '../circle-care/circle-keeping-handler.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import type { NodeCaseKeys } from './assemble-case-keys.ts';

/** Lets commands keep the circles of their cases; they run as they are where the node seals with the key of the network. */
export function keepCircles(
  caseKeys: NodeCaseKeys | null,
  options: Omit<CircleKeepingOptions, 'care'>,
): ProcedureHandler {
  if (caseKeys === null) return options.handler;
  return new CircleKeepingHandler({ ...options, care: caseKeys.membership.care });
}
