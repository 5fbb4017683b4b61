import type { Policy } from '@acogida/event-log';
import { policyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext } from '../node-definition.ts';
import type { ForgottenLeases } from './forgotten-leases.ts';
import { heardLinkOf } from './heard-link.ts';
import { linkLedgers } from './link-ledgers.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

/** What both need. */
export interface LinkingParts {
  readonly monotonic: MonotonicClock;
  readonly forgotten: Pick<ForgottenLeases, 'current'>;
}

/**
 * Lets the holds of either case stand against departures under both, and wait for what is out on the other (S1).
 *
 * @throws DomainError (the event is quarantined) LINK.CASE_MISSING, LINK.ONE_CASE, LINK.TOO_MANY
 */
export function whenCasesLinkedThenLinkLedgers(node: NodeContext, parts: LinkingParts): Policy {
  const name = 'when-cases-linked-then-link-ledgers';
  return linkingPolicy(node, parts, { name, on: 'CasesLinked', isLinked: true });
}

/**
 * Lets the holds of each case stand for themselves again, unless somebody else links them still.
 *
 * @throws DomainError (the event is quarantined) LINK.CASE_MISSING, LINK.ONE_CASE, LINK.TOO_MANY
 */
export function whenCasesUnlinkedThenUnlinkLedgers(node: NodeContext, parts: LinkingParts): Policy {
  const name = 'when-cases-unlinked-then-unlink-ledgers';
  return linkingPolicy(node, parts, { name, on: 'CasesUnlinked', isLinked: false });
}

function linkingPolicy(
  node: NodeContext,
  { monotonic, forgotten }: LinkingParts,
  { name, on, isLinked }: { readonly name: string; readonly on: Policy['on']; readonly isLinked: boolean },
): Policy {
  return {
    name,
    on,
    react: (event, transaction) => {
      const turn = policyTurn(node, name, event, transaction);
      return linkLedgers(node, heardLinkOf(event, isLinked), { ...turn, reading: monotonic.read(), forgotten });
    },
  };
}
