import {
  type AnyDeadlineRule,
  type Deadline,
  deadlineRule,
  type ProcedureHolds,
  type NodeContext,
} from '@acogida/service-kit';
import type { ReturnCase } from '../domain/return-case-state.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { besideReturnCase } from './beside-return-case.ts';

/** Time limits of a return consent. */
export type ReturnDeadline = 'COOLING_OFF_ENDS' | 'CONSENT_ENDS';

/** What of them stands open: none after boarding. */
export function returnDeadlinesOf({ stage, consent }: ReturnCase): readonly Deadline<ReturnDeadline>[] {
  if (consent === null || stage === 'DEPARTED') return [];
  const ends = { kind: 'CONSENT_ENDS', dueAt: consent.validUntil } as const;
  return stage === 'COOLING_OFF' ? [{ kind: 'COOLING_OFF_ENDS', dueAt: consent.coolingUntil }, ends] : [ends];
}

/**
 * The end of the cooling-off changes what the screen shows, and nothing else: an officer confirms. A consent that is not current any
 * more ends, and H-17 stands again.
 */
export function whenAReturnConsentComesDue(holdsOf: (node: NodeContext) => ProcedureHolds): AnyDeadlineRule {
  return deadlineRule({
    procedure: returnCaseProcedure,
    revision: 1,
    openIn: returnDeadlinesOf,
    handle: async ({ kind, id }, { now, node, run }) => {
      const type = kind === 'COOLING_OFF_ENDS' ? 'EndCoolingOff' : 'ExpireConsent';
      const by = { subject: `${node.agencyId}.when-a-return-consent-comes-due`, mayLift: false };
      const beside = besideReturnCase(holdsOf(node), node.clock, id, by);
      await run({ procedure: returnCaseProcedure, id, command: { type, at: now }, beside });
    },
  });
}
