import { CircleCare } from '../circle-care/circle-care.ts';
import { CircleKeepingHandler, type CircleKeepingOptions } from '../circle-care/circle-keeping-handler.ts';
import { judgeByConsent } from '../circle-care/judge-by-consent.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import type { NodeCaseKeys } from './case-keys-of-node.ts';

/** Lets commands keep the circles of their cases; they run as they are where the node seals with the key of the network. */
export function keepCircles(
  caseKeys: NodeCaseKeys | null,
  options: Omit<CircleKeepingOptions, 'care'>,
): ProcedureHandler {
  if (caseKeys === null) return options.handler;
  const { circles, auditors } = caseKeys;
  return new CircleKeepingHandler({ ...options, care: new CircleCare({ circles, auditors, judge: judgeByConsent }) });
}
