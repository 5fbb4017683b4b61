import { DomainError } from '@acogida/core';
import { hasNode } from '../has-node.ts';
import type { NodeContext } from '../node-definition.ts';

/**
 * Nobody without a node can take a person over.
 *
 * @throws DomainError REFERRAL.NO_CUSTODY_BY_LINK
 */
export function requireNodeForCustody(node: NodeContext, receiver: string): void {
  if (hasNode(node, receiver)) return;
  throw new DomainError('REFERRAL.NO_CUSTODY_BY_LINK', 'conflict', 'custody moves only between agencies with a node');
}

/** Whether a referral can be sealed to an agency now. One without a node is told by a link. */
export function isReadyReceiver(node: NodeContext, receiver: string): boolean {
  const { agencyId, peers } = node;
  if (peers === undefined || receiver === agencyId) return true;
  return peers.isReady(receiver) || !hasNode(node, receiver);
}

/**
 * A referral is sealed to its receiver alone, with the key that it publishes for offers of this week: without one there is
 * nothing to send, and the task stays with the sender, who sees it.
 *
 * @throws DomainError REFERRAL.RECEIVER_UNREADY
 */
export async function requireReadyReceiver(node: NodeContext, receiver: string): Promise<void> {
  if (isReadyReceiver(node, receiver)) return;
  await node.peers?.refresh(); // another process of this node may have heard of one
  if (isReadyReceiver(node, receiver)) return;
  throw new DomainError('REFERRAL.RECEIVER_UNREADY', 'conflict', 'the receiver has no key to seal a referral to');
}
