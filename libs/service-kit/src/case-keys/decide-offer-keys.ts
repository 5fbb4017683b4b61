import { DomainError, type DomainErrorKind, type Instant, instantAfter } from '@acogida/core';
import { usablePublicKey } from '@acogida/sealing';
import {
  OFFER_KEY_REST_MS,
  type OfferKeysEvent,
  type OfferKeysState,
  type OfferWeek,
  offerWeekDue,
} from './offer-keys.ts';

/** Before the first key. */
export const NO_OFFER_KEYS: OfferKeysState = { live: [], keyIds: [], wantingSince: null };

/** Commands on this agency's offer keys. The private halves are the caller's affair. */
export type OfferKeysCommand =
  /** Changes nothing while there are enough; `anew`: another for a week that has one, where the one that others know may be lost. */
  | {
      readonly type: 'PublishOfferKey';
      readonly keyId: string;
      readonly x: string;
      readonly now: Instant;
      readonly anew?: OfferWeek;
    }
  | { readonly type: 'KeepOfferKey'; readonly keyId: string; readonly until: Instant }
  /** `receivedThrough`: how far each agency's events were received when it was destroyed. */
  | {
      readonly type: 'RetireOfferKey';
      readonly keyId: string;
      readonly receivedThrough: readonly { readonly agency: string; readonly number: number }[];
      readonly now: Instant;
    }
  /** It was destroyed as its time had come. */
  | { readonly type: 'NoteDestroyed'; readonly keyId: string; readonly now: Instant };

const KEY_ID = /^[!-~]{1,100}$/;

function refusal(code: string, message: string, kind: DomainErrorKind = 'invalid'): DomainError {
  return new DomainError(`KEYS.${code}`, kind, message);
}

function publish(
  { keyId, x, now, anew }: Extract<OfferKeysCommand, { readonly type: 'PublishOfferKey' }>,
  state: OfferKeysState,
): readonly OfferKeysEvent[] {
  const week = anew ?? offerWeekDue(state, now);
  if (week === null) return [];
  if (!KEY_ID.test(keyId) || state.keyIds.includes(keyId)) throw refusal('NAMES_USED', 'a key has a name of its own');
  try {
    usablePublicKey(x);
  } catch {
    throw refusal('OFFER_KEY_MALFORMED', 'no secret can be agreed with this key');
  }
  return [{ type: 'OfferKeyPublished', data: { keyId, x, ...week, publishedAt: now } }];
}

/** @throws DomainError with a code of README.md */
export function decideOfferKeys(command: OfferKeysCommand, state: OfferKeysState): readonly OfferKeysEvent[] {
  if (command.type === 'PublishOfferKey') return publish(command, state);
  const { keyId } = command;
  const known = state.live.find((key) => key.keyId === keyId);
  if (known === undefined) {
    if (state.keyIds.includes(keyId)) return [];
    throw refusal('OFFER_KEY_UNKNOWN', 'there is no such offer key', 'not-found');
  }
  switch (command.type) {
    case 'KeepOfferKey':
      return command.until > known.keptUntil ? [{ type: 'OfferKeyKept', data: { keyId, until: command.until } }] : [];
    case 'RetireOfferKey': {
      const { receivedThrough, now } = command;
      return [{ type: 'OfferKeyRetired', data: { keyId, receivedThrough, retiredAt: now } }];
    }
    case 'NoteDestroyed':
      if (command.now <= known.keptUntil) throw refusal('OFFER_KEY_NEEDED', 'its time has not come', 'conflict');
      return [{ type: 'OfferKeyDestroyed', data: { keyId, destroyedAt: command.now } }];
  }
}

/** A key that goes before its week is over is wanting, and so is any key once the last one has gone. */
function without(state: OfferKeysState, keyId: string, at: Instant): OfferKeysState {
  const live = state.live.filter((key) => key.keyId !== keyId);
  const isWanting = live.length === 0 || state.live.some((key) => key.keyId === keyId && key.validThrough >= at);
  return { ...state, live, wantingSince: state.wantingSince ?? (isWanting ? at : null) };
}

/** Folds an event into the state. Total. */
export function evolveOfferKeys(state: OfferKeysState, event: OfferKeysEvent): OfferKeysState {
  const { keyId } = event.data;
  switch (event.type) {
    case 'OfferKeyPublished': {
      const { validFrom, validThrough } = event.data;
      const key = { keyId, validFrom, validThrough, keptUntil: instantAfter(validThrough, OFFER_KEY_REST_MS) };
      return { live: [...state.live, key], keyIds: [...state.keyIds, keyId], wantingSince: null };
    }
    case 'OfferKeyKept': {
      const { until } = event.data;
      return { ...state, live: state.live.map((key) => (key.keyId === keyId ? { ...key, keptUntil: until } : key)) };
    }
    case 'OfferKeyRetired':
      return without(state, keyId, event.data.retiredAt);
    case 'OfferKeyDestroyed':
      return without(state, keyId, event.data.destroyedAt);
  }
}
