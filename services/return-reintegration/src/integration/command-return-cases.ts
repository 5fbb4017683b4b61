import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { NodeContext, ProcedureHolds } from '@acogida/service-kit';
import type { ReturnCaseCommand } from '../domain/return-case-commands.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { besideReturnCase } from './beside-return-case.ts';

/** A policy that reacts. */
interface Reaction {
  readonly context: NodeContext;
  readonly holds: ProcedureHolds;
  readonly policy: string;
  readonly event: ReceivedEvent;
  readonly transaction: Transaction;
}

const OF_CASE = `
  SELECT return_case_id AS id FROM return_case WHERE case_id = $1 AND stage NOT IN ('DEPARTED', 'DECLINED') ORDER BY 1`;

/** Runs a command on each return case of the event's case that has not ended. No officer acts here, so that no hold is lifted. */
export async function commandReturnCases(
  { context, holds, policy, event, transaction }: Reaction,
  command: ReturnCaseCommand,
): Promise<void> {
  const actor = `${context.agencyId}.${policy}`;
  const { rows } = await transaction.query<{ id: string }>(OF_CASE, [event.payload.caseId]);
  for (const { id } of rows) {
    await context.handler.executeWithin(transaction, {
      ...{ procedure: returnCaseProcedure, id, command, actor },
      correlationId: event.payload.correlationId,
      causation: { source: event.source, id: event.id },
      beside: besideReturnCase(holds, context.clock, id, { subject: actor, mayLift: false }),
    });
  }
}
