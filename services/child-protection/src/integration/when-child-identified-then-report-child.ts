import type { ChildIdentifiedV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { dataOf, type NodeContext, type ProcedureHolds } from '@acogida/service-kit';
import { childCaseIdOf, childCaseProcedure } from '../child-case.procedure.ts';
import { besideChildCase } from './beside-child-case.ts';
import { childAuthorities } from './child-authorities.ts';

/**
 * INV-08, INV-11: a child of whom another agency speaks is held at once, before anybody here has met it, unless it is known to be with
 * somebody. An officer finds it in the list of those who were reported. Nothing is lifted by it.
 */
export function whenChildIdentifiedThenReportChild(context: NodeContext, holds: ProcedureHolds): Policy {
  const name = 'when-child-identified-then-report-child';
  return {
    name,
    on: 'ChildIdentified',
    async react(event, transaction) {
      const { caseId, correlationId, occurredAt: saidAt } = event.payload;
      if (caseId === null) return;
      const { basis, careStatus } = dataOf<ChildIdentifiedV1Data>(event);
      const { agencyId, jurisdiction: country, clock, handler } = context;
      const byChildAuthority = (await childAuthorities(context, transaction)).includes(event.source);
      const id = childCaseIdOf(agencyId, caseId);
      const actor = `${agencyId}.${name}`;
      const report = { type: 'ReportChild', at: clock.now(), childCaseId: id, caseId, country } as const;
      await handler.executeWithin(transaction, {
        ...{ procedure: childCaseProcedure, id, actor, correlationId },
        command: { ...report, basis, careStatus, saidAt, byChildAuthority },
        causation: { source: event.source, id: event.id },
        beside: besideChildCase({ holds, node: context }, id, { subject: actor, mayLift: false }),
      });
    },
  };
}
