import { DomainError } from '@acogida/core';
import type { NodeContext } from '../node-definition.ts';

/** Whether a referral can be sealed to an agency now. One without a node is told by a link. */
export function isReadyReceiver({ agencyId, peers, members }: NodeContext, receiver: string): boolean {
  if (peers === undefined || receiver === agencyId) return true;
  return peers.isReady(receiver) || !members().some((member) => member.agencyId === receiver);
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
