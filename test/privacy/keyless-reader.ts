import { SMALLEST_PAIR_CLASS_BYTES } from '@acogida/sealing';
import { HEAD_HEADER, type MemoryLogStore, parseEnvelope } from '@acogida/event-log';

/** All that a reader without keys has of one event: where it stands, what it says in clear, how much follows. */
export interface SeenEvent {
  readonly id: string;
  readonly source: string;
  /** The clear class. */
  readonly class: string;
  readonly subject: string;
  readonly keyId: string;
  readonly number: number;
  readonly timeMs: number;
  /** Of the sealed data. */
  readonly bytes: number;
}

/** Every sealed event of a log, as somebody reads it who has the whole log and no key; in the order of their times. */
export function seenIn(store: MemoryLogStore): readonly SeenEvent[] {
  const events = [...store.topics.values()].flat().flatMap(({ value, headers }) => {
    if (headers[HEAD_HEADER] !== undefined) return [];
    const { id, source, class: clearClass, subject, keyId, number, time, data } = parseEnvelope(value);
    if (keyId === null) return [];
    const bytes = Buffer.byteLength(data, 'base64');
    return [{ id, source, class: clearClass, subject, keyId, number, timeMs: Date.parse(time), bytes }];
  });
  return events.sort(
    (one, other) => one.timeMs - other.timeMs || one.source.localeCompare(other.source) || one.number - other.number,
  );
}

/** Subjects that more than one agency used. */
export function sharedSubjects(events: readonly SeenEvent[]): readonly string[] {
  const sourcesOf = new Map<string, Set<string>>();
  for (const { subject, source } of events) {
    const sources = sourcesOf.get(subject) ?? new Set();
    sourcesOf.set(subject, sources.add(source));
  }
  return [...sourcesOf].filter(([, sources]) => sources.size > 1).map(([subject]) => subject);
}

/** What everybody sees and nothing hides: who says it, its class, and whether it is as large as what goes to one agency alone. */
export function inClear({ source, class: clearClass, bytes }: SeenEvent): string {
  return `${source} ${clearClass} ${bytes < SMALLEST_PAIR_CLASS_BYTES ? 'to a circle' : 'to one'}`;
}

/**
 * What the bytes of an event themselves offer to guess by, what is in clear aside: no more than sizes, and letters that ought to
 * be random.
 */
export function marksOfBytes({ id, subject, keyId, bytes }: SeenEvent): readonly string[] {
  return [
    `size ${bytes}`,
    `subject ${subject.length} ${subject[0]}`,
    `key ${keyId.length} ${keyId[0]}`,
    `id ${id.length} ${id[0]}`,
  ];
}

/** Where an event stands among those under the same subject, as far as that had come. */
export function marksOfOrder(events: readonly SeenEvent[]): ReadonlyMap<string, readonly string[]> {
  const counts = new Map<string, number>();
  const last = new Map<string, string>();
  return new Map(
    events.map((event) => {
      const before = counts.get(event.subject) ?? 0;
      const marks = [`place ${Math.min(before, 9)}`, `after ${last.get(event.subject) ?? 'nothing'}`];
      counts.set(event.subject, before + 1);
      last.set(event.subject, event.class);
      return [event.id, marks];
    }),
  );
}

/** When an event came: how long after the one before it of its own agency, and whom another agency's word followed or preceded. */
export function marksOfTiming(events: readonly SeenEvent[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    events.map((event, index) => {
      const own = events.slice(0, index).findLast(({ source }) => source === event.source);
      const before = events.slice(0, index).findLast(({ source }) => source !== event.source);
      const after = events.slice(index + 1).find(({ source }) => source !== event.source);
      return [
        event.id,
        [
          `own ${gapOf(own, event)}`,
          `before ${before?.source}`,
          `before ${before?.class} ${gapOf(before, event)}`,
          `after ${after?.source}`,
          `after ${after?.class} ${gapOf(event, after)}`,
        ],
      ];
    }),
  );
}

/** A gap as its order of magnitude. */
function gapOf(one: SeenEvent | undefined, other: SeenEvent | undefined): string {
  if (one === undefined || other === undefined) return 'never';
  return String(Math.floor(Math.log2(other.timeMs - one.timeMs + 1)));
}
