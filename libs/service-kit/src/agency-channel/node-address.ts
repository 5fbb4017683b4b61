import { type Decider, DomainError, type Instant } from '@acogida/core';
import { channelUrlOf } from './channel-url.ts';

/** Event of `node-address-<agencyId>`: from now on the node is asked there. */
export type NodeAddressEvent = {
  readonly type: 'NodeAddressAnnounced';
  readonly data: { readonly url: string; readonly announcedAt: Instant };
};

/** Says where the node is asked. Changes nothing where it said the same before, unless others may have heard something later. */
export type NodeAddressCommand = {
  readonly type: 'AnnounceNodeAddress';
  readonly url: string;
  /** An older copy of the database was restored: what it said last is not what others heard last. */
  readonly isAnew: boolean;
  readonly now: Instant;
};

/** What was announced last; null before that. */
export type NodeAddressState = { readonly url: string } | null;

const LONGEST_URL = 300;

function decide({ url, isAnew, now }: NodeAddressCommand, state: NodeAddressState): readonly NodeAddressEvent[] {
  if (url.length > LONGEST_URL || channelUrlOf(url) === null) {
    throw new DomainError('CHANNEL.ADDRESS_MALFORMED', 'invalid', 'a node is asked at a plain http or https address');
  }
  if (state?.url === url && !isAnew) return [];
  return [{ type: 'NodeAddressAnnounced', data: { url, announcedAt: now } }];
}

/** Where this agency's node is asked by others. */
export const nodeAddressDecider: Decider<NodeAddressCommand, NodeAddressState, NodeAddressEvent> = {
  initialState: null,
  decide,
  evolve: (_, { data: { url } }) => ({ url }),
};
