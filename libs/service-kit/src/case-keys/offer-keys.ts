import { type Instant, instantAfter } from '@acogida/core';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The next key is published when fewer ms than this are left of the last one: two days. */
export const PUBLISH_AHEAD_MS = 2 * DAY_MS;

/** How long a key is kept after the last offer to it expired, in ms: 14 days (architecture.md §5). */
export const OFFER_KEY_REST_MS = 14 * DAY_MS;

/** A Monday, 00:00 UTC. */
const ANY_MONDAY_MS = Date.UTC(2024, 0, 1);

/** A week, from Monday to Sunday UTC. Both instants are in it. */
export interface OfferWeek {
  readonly validFrom: Instant;
  readonly validThrough: Instant;
}

/** The week that an instant is in. */
export function offerWeekOf(at: Instant): OfferWeek {
  const weekMs = 7 * DAY_MS;
  const weeks = Math.floor((Date.parse(at) - ANY_MONDAY_MS) / weekMs);
  const start = ANY_MONDAY_MS + weeks * weekMs;
  return { validFrom: new Date(start).toISOString(), validThrough: new Date(start + weekMs - 1).toISOString() };
}

/** Whether an instant is within the validity of a key. */
export function isValidAt({ validFrom, validThrough }: OfferWeek, at: Instant): boolean {
  return validFrom <= at && at <= validThrough;
}

/** Events of this agency's offer keys: public halves and names. */
export type OfferKeysEvent =
  | {
      readonly type: 'OfferKeyPublished';
      readonly data: OfferWeek & { readonly keyId: string; readonly x: string; readonly publishedAt: Instant };
    }
  /** Something was sealed to it that is still open. */
  | { readonly type: 'OfferKeyKept'; readonly data: { readonly keyId: string; readonly until: Instant } }
  /** Destroyed before its time, since something of an erased case was sealed to it. */
  | {
      readonly type: 'OfferKeyRetired';
      readonly data: {
        readonly keyId: string;
        readonly receivedThrough: readonly { readonly agency: string; readonly number: number }[];
        readonly retiredAt: Instant;
      };
    }
  | { readonly type: 'OfferKeyDestroyed'; readonly data: { readonly keyId: string; readonly destroyedAt: Instant } };

/** An offer key of this agency whose private half is there. */
export interface LiveOfferKey extends OfferWeek {
  readonly keyId: string;
  /** When it is to be destroyed, as far as is known. */
  readonly keptUntil: Instant;
}

/** The offer keys that are there, oldest first. */
export interface OfferKeysState {
  readonly live: readonly LiveOfferKey[];
  /** Names that were used. */
  readonly keyIds: readonly string[];
  /** Since when a key is wanting that was there; null while none is. */
  readonly wantingSince: Instant | null;
}

/**
 * The week that a key is to be published for; null when there is enough. The present one if no key is valid, the next one when
 * fewer than two days are left: whoever has not heard of the new one by then seals to the old one, which is kept.
 */
export function offerWeekDue({ live }: OfferKeysState, now: Instant): OfferWeek | null {
  const weeks = [offerWeekOf(now), offerWeekOf(instantAfter(now, PUBLISH_AHEAD_MS))];
  return weeks.find((week) => !live.some(({ validFrom }) => validFrom === week.validFrom)) ?? null;
}

/** What this agency's offer keys wait for. */
export type OfferKeysDeadline = 'PUBLISH' | 'DESTROY';

/** Open deadlines; none before the first key, which is published when the node starts. */
export function offerKeysDeadlines({
  live,
  wantingSince,
}: OfferKeysState): readonly { readonly kind: OfferKeysDeadline; readonly dueAt: Instant }[] {
  const last = live.map(({ validThrough }) => validThrough).reduce((one, other) => (one > other ? one : other), '');
  const [end] = live.map(({ keptUntil }) => keptUntil).sort();
  // A millisecond later fewer than two days are left, and the key has been kept until its end.
  const publishAt = wantingSince ?? (last === '' ? null : instantAfter(last, 1 - PUBLISH_AHEAD_MS));
  return [
    ...(publishAt === null ? [] : [{ kind: 'PUBLISH' as const, dueAt: publishAt }]),
    ...(end === undefined ? [] : [{ kind: 'DESTROY' as const, dueAt: instantAfter(end, 1) }]),
  ];
}
