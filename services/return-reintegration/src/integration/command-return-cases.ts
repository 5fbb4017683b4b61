import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { NodeContext, ProcedureHolds } from '@acogida/service-kit';
import type { ReturnCaseCommand } from '../domain/return-case-commands.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { besideReturnCase } from './beside-return-case.ts';
import { openReturnCases } from './open-return-cases.ts';

/** A policy that reacts. */
interface Reaction {
  readonly context: NodeContext;
  readonly holds: ProcedureHolds;
  readonly policy: string;
  readonly event: ReceivedEvent;
  readonly transaction: Transaction;
}

/** Runs a command on each return case of the event's case that has not ended. No officer acts here, so that no hold is lifted. */
export async function commandReturnCases(
  { context, holds, policy, event, transaction }: Reaction,
  command: ReturnCaseCommand,
): Promise<void> {
  const actor = `${context.agencyId}.${policy}`;
  for (const id of await openReturnCases(transaction, event.payload.caseId)) {
    await context.handler.executeWithin(transaction, {
      ...{ procedure: returnCaseProcedure, id, command, actor },
      correlationId: event.payload.correlationId,
      causation: { source: event.source, id: event.id },
      beside: besideReturnCase(holds, context.clock, id, { subject: actor, mayLift: false }),
    });
  }
}
