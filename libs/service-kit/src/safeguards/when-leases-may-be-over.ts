import { instantAfter } from '@acogida/core';
import { firstLookAt, holdLedgerProcedure, nextLookInMs } from '@acogida/safeguards';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { AnyDeadlineRule } from '../deadlines/port.ts';
import { answerOwnHalts } from '../gate/own-halts.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

const SHORTEST_WAIT_MS = 1_000;
/** Until it is looked again whether an officer has attested what a restore lost. */
const UNATTESTED_WAIT_MS = 60_000;

/**
 * Protects holds that waited for time alone. The calendar only says when to look: leases are counted on the monotonic clock, by a
 * process that was started meanwhile from its beginning, and it is looked again until they are over.
 */
export function whenLeasesMayBeOver(monotonic: MonotonicClock): AnyDeadlineRule {
  return deadlineRule({
    procedure: holdLedgerProcedure,
    revision: 1,
    openIn: (ledger) => {
      const dueAt = firstLookAt(ledger);
      return dueAt === null ? [] : [{ kind: 'LEASES_END', dueAt }];
    },
    handle: async ({ id }, { now, node, transaction, run, lookAgainAt }) => {
      const reading = monotonic.read();
      const isAnswered = await answerOwnHalts(node, { transaction, run, caseId: id, reading, now });
      if (!isAnswered) return lookAgainAt(instantAfter(now, UNATTESTED_WAIT_MS)); // else nobody looks again, and S3 is not told
      const command = { type: 'NoteEndedLeases', by: node.agencyId, reading, now } as const;
      const { state } = await run({ procedure: holdLedgerProcedure, id, command });
      const waitMs = nextLookInMs(state, reading);
      if (waitMs !== null) lookAgainAt(instantAfter(now, Math.max(waitMs, SHORTEST_WAIT_MS)));
    },
  });
}
