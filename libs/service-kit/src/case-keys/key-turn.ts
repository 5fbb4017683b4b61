import type { Causation } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { DeadlineTurn } from '../deadlines/port.ts';
import type { NodeContext } from '../node-definition.ts';

/** What changes keys acts with: one transaction for the secrets and for what is recorded of them. A `DeadlineTurn` is one. */
export type KeyTurn = Pick<DeadlineTurn, 'now' | 'node' | 'transaction' | 'run'>;

/** Who acts, and because of what. */
export interface TurnMetadata {
  readonly actor: string;
  readonly correlationId: string;
  readonly causation: Causation | null;
}

/** A turn in the transaction of a received batch, or of whatever else is to happen with it. */
export function keyTurn(node: NodeContext, transaction: Transaction, now: Instant, metadata: TurnMetadata): KeyTurn {
  return {
    ...{ now, node, transaction },
    run: (command) => node.handler.executeWithin(transaction, { ...command, ...metadata }),
  };
}

/** The turn of a policy that reacts to a received event, in the transaction of its batch. */
export function policyTurn(
  node: NodeContext,
  policy: string,
  { id, source, payload }: ReceivedEvent,
  transaction: Transaction,
): KeyTurn {
  return keyTurn(node, transaction, node.clock.now(), {
    actor: `${node.agencyId}.${policy}`,
    correlationId: payload.correlationId,
    causation: { source, id },
  });
}
