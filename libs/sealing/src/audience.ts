/** Circles that an agency seals for, each under a key of its own (architecture.md §5): auditors and members, the circle of care, named agencies. */
export const GROUP_AUDIENCES = ['coded', 'care', 'restricted'] as const;

/** One of `GROUP_AUDIENCES`. */
export type GroupAudience = (typeof GROUP_AUDIENCES)[number];

/** What there is a case key for: the circles, and `own`, which encrypts at rest and never leaves its node. */
export const KEY_AUDIENCES = [...GROUP_AUDIENCES, 'own'] as const;

/** One of `KEY_AUDIENCES`. */
export type KeyAudience = (typeof KEY_AUDIENCES)[number];

/** To one agency alone: an offer or grant to its offer key, a grant to its key pair of the case, or a word in a channel. */
export type PairAudience =
  | { readonly to: string; readonly under: 'offer-key' }
  | { readonly to: string; readonly under: 'member-key' }
  | { readonly to: string; readonly under: 'channel'; readonly channelId: string };

/** Whom an event is for. */
export type Audience = GroupAudience | PairAudience;
