import { instantAfter } from '@acogida/core';
import {
  firstLookAt,
  haltsAreSaidAgainAt,
  type HoldLedger,
  holdLedgerProcedure,
  nextLookInMs,
} from '@acogida/safeguards';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { AnyDeadlineRule, Deadline } from '../deadlines/port.ts';
import { answerOwnHalts } from '../gate/own-halts.ts';
import type { NodeContext } from '../node-definition.ts';
import type { ForgottenLeases } from './forgotten-leases.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

const SHORTEST_WAIT_MS = 1_000;
/** Until it is looked again whether an officer has attested what a restore lost. */
const UNATTESTED_WAIT_MS = 60_000;
/** Until it is looked again whether a gate that is gone from the network is in it again. */
const GONE_WAIT_MS = 24 * 3_600_000;

type Kind = 'LEASES_END' | 'HALT_UNANSWERED';

function openIn(ledger: HoldLedger): readonly Deadline<Kind>[] {
  const [leasesEndAt, unansweredAt] = [firstLookAt(ledger), haltsAreSaidAgainAt(ledger)];
  return [
    ...(leasesEndAt === null ? [] : [{ kind: 'LEASES_END', dueAt: leasesEndAt } as const]),
    ...(unansweredAt === null ? [] : [{ kind: 'HALT_UNANSWERED', dueAt: unansweredAt } as const]),
  ];
}

/** Agencies of the network in whose place nobody answers; nothing where nobody is known. */
function presentAgencies({ members }: NodeContext): { readonly gates?: readonly string[] } {
  const present = members().filter(({ successor }) => (successor ?? null) === null);
  return present.length === 0 ? {} : { gates: present.map(({ agencyId }) => agencyId) };
}

/**
 * Protects holds that waited for time alone. The calendar only says when to look: leases are counted on the monotonic clock, by a
 * process that was started meanwhile from its beginning, and it is looked again until they are over. And says halts again that no
 * gate has answered for long: nothing could be sealed to it then, or to this agency by it (S3).
 *
 * @param forgotten looked up where holds wait for nothing any more: what is over and not noted, the next process counts anew
 */
export function holdDeadlines(monotonic: MonotonicClock, forgotten: Pick<ForgottenLeases, 'current'>): AnyDeadlineRule {
  return deadlineRule({
    procedure: holdLedgerProcedure,
    revision: 2,
    openIn,
    handle: async ({ id, kind }, { now, node, transaction, run, lookAgainAt }) => {
      const reading = monotonic.read();
      if (kind === 'HALT_UNANSWERED') {
        const gates = presentAgencies(node);
        const again = { type: 'RepeatHalts', by: node.agencyId, reading, now, ...gates } as const;
        const { state } = await run({ procedure: holdLedgerProcedure, id, command: again });
        const dueAt = haltsAreSaidAgainAt(state);
        if (dueAt === null || dueAt > now) return;
        return lookAgainAt(haltsAreSaidAgainAt(state, gates.gates) ?? instantAfter(now, GONE_WAIT_MS));
      }
      await forgotten.current(node, transaction); // before the ledger, as whoever places and clears does
      const isAnswered = await answerOwnHalts(node, { transaction, run, caseId: id, reading, now });
      if (!isAnswered) return lookAgainAt(instantAfter(now, UNATTESTED_WAIT_MS)); // else nobody looks again, and S3 is not told
      const command = { type: 'NoteEndedLeases', by: node.agencyId, reading, now } as const;
      const { state } = await run({ procedure: holdLedgerProcedure, id, command });
      const waitMs = nextLookInMs(state, reading);
      if (waitMs !== null) lookAgainAt(instantAfter(now, Math.max(waitMs, SHORTEST_WAIT_MS)));
    },
  });
}
