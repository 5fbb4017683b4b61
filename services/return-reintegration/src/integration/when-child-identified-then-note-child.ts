import type { ChildIdentifiedV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { dataOf, type NodeContext, type ProcedureHolds } from '@acogida/service-kit';
import { commandReturnCases } from './command-return-cases.ts';

/** INV-08, INV-11: what an adult consented to does not count for a child, nor what a child with its family did for one alone. */
export function whenChildIdentifiedThenNoteChild(context: NodeContext, holds: ProcedureHolds): Policy {
  const name = 'when-child-identified-then-note-child';
  return {
    name,
    on: 'ChildIdentified',
    async react(event, transaction) {
      const { careStatus } = dataOf<ChildIdentifiedV1Data>(event);
      const command = { type: 'NoteChild', careStatus, at: context.clock.now() } as const;
      await commandReturnCases({ context, holds, policy: name, event, transaction }, command);
    },
  };
}
