import type { InlineProjection, StreamState } from '@acogida/event-store';
import type { AlarmClock, DeadlineStore, StreamDeadlines } from './port.ts';
import { openDeadlines, type RuleCatalogue } from './rule-catalogue.ts';

/** What keeping deadlines needs. */
export interface DeadlineProjectionParts {
  readonly catalogue: RuleCatalogue;
  readonly store: DeadlineStore;
  readonly alarm: AlarmClock;
}

/**
 * Keeps what stands open on each stream in the transaction that moves it, and wants a wake-up for the first of them: two
 * statements, whatever the size of the batch, and none for streams that begin without any. It is made of states, so a replay of events leaves it alone; streams from
 * before a rule are computed by `computeDeadlines`.
 */
export function deadlineProjection({ catalogue, store, alarm }: DeadlineProjectionParts): InlineProjection {
  return {
    name: 'deadlines',
    apply: async () => {},
    reset: async () => {},
    applyStates: async (states, transaction) => {
      const streams = deadlinesIn(states, catalogue);
      if (streams.length === 0) return;
      await store.replace(streams, transaction);
      const [first] = streams.flatMap(({ open }) => open.map(({ dueAt }) => dueAt)).toSorted();
      if (first !== undefined) await alarm.wakeAt(first, transaction);
    },
  };
}

function deadlinesIn(states: readonly StreamState[], catalogue: RuleCatalogue): readonly StreamDeadlines[] {
  const latest = new Map<string, StreamDeadlines>();
  const begun = new Set(states.flatMap(({ stream, isNew }) => (isNew ? [stream] : [])));
  for (const { stream, state } of states.toSorted((one, other) => one.version - other.version)) {
    const owner = catalogue.ownerOf(stream);
    if (owner !== undefined) latest.set(stream, { stream, open: openDeadlines(owner.rule, state) });
  }
  return [...latest.values()].filter(({ stream, open }) => open.length > 0 || !begun.has(stream));
}
