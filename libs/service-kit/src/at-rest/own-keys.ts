import { fold } from '@acogida/core';
import { type CaseToKeep, copiesOf } from '@acogida/event-store';
import { type CaseKeySet, type HeldKey, KEY_AUDIENCES, type KeyAudience, type SealingKey } from '@acogida/sealing';
import type { CaseKeysEvent } from '../case-keys/case-keys-events.ts';
import { CIRCLE_STREAMS, type CircleSnapshot } from '../case-keys/circle-snapshots.ts';
import { caseKeysDecider } from '../case-keys/procedures.ts';

/** This agency's own keys of one case. */
export interface OwnKeys {
  /** Newest one that encrypts at rest. */
  readonly own: SealingKey | undefined;
  /** Epochs of which no key is missing, oldest first. */
  readonly sets: readonly CaseKeySet[];
}

/** What a transaction of somebody else sees of a case. */
export interface FoundWithin extends OwnKeys {
  readonly circle: CircleSnapshot | null;
  readonly isErased: boolean;
}

/** Of the keys of a case those that this agency made. */
export function ownKeysIn(keys: readonly HeldKey[], agencyId: string): OwnKeys {
  const epochs = new Map<number, HeldKey[]>();
  for (const key of keys) {
    if (key.source !== agencyId || key.grantedBy !== null) continue;
    epochs.set(key.epoch, [...(epochs.get(key.epoch) ?? []), key]);
  }
  const inOrder = [...epochs.keys()].sort((one, other) => one - other).map((epoch) => epochs.get(epoch) ?? []);
  const own = inOrder.flatMap((held) => held.filter(({ audience }) => audience === 'own')).at(-1)?.key;
  return { own, sets: inOrder.flatMap(setOf) };
}

function setOf(held: readonly HeldKey[]): readonly CaseKeySet[] {
  const [first] = held;
  const keys: Partial<Record<KeyAudience, SealingKey>> = {};
  for (const { audience, key } of held) keys[audience] = key;
  if (first === undefined || !KEY_AUDIENCES.every((audience) => keys[audience] !== undefined)) return [];
  const { caseId, epoch, subject } = first;
  return [{ caseId, epoch, subject, keys: keys as CaseKeySet['keys'] }];
}

/** Cases for whose circles a stream of no case publishes: what is said of their keys. */
export function casesPublishedBy({ events = [] }: CaseToKeep): readonly string[] {
  return events
    .flatMap(({ publish }) => copiesOf(publish))
    .flatMap(({ audience = 'coded', caseId }) => (typeof audience === 'string' && caseId !== null ? [caseId] : []));
}

/** The circles that requests of one append open, by case. */
export function openingsIn(requests: readonly CaseToKeep[]): ReadonlyMap<string, CircleSnapshot> {
  const opened = new Map<string, CircleSnapshot>();
  for (const { stream, events = [] } of requests) {
    if (stream?.startsWith(CIRCLE_STREAMS) !== true || events[0]?.type !== 'CaseOpenedForKeys') continue;
    const state = fold(caseKeysDecider, events as readonly unknown[] as readonly CaseKeysEvent[]);
    opened.set(stream.slice(CIRCLE_STREAMS.length), { version: events.length, state });
  }
  return opened;
}
