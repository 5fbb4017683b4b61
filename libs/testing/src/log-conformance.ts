import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EventLog,
  type LogRecord,
  MAX_RECORD_BYTES,
  OversizedRecordError,
  type PositionedRecord,
  type RecordHandler,
} from '@acogida/event-log';
import { eventually } from './eventually.ts';

const UNICODE = 'ñandú – Créole ayisyen – 日本語 – 👩‍👧 – e\u0301 – "\\\n\t';

function newName(kind: 'topic' | 'group'): string {
  return `conformance-${kind}-${randomUUID()}`;
}

function numbered(count: number, from = 0): LogRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    value: JSON.stringify({ number: from + index }),
    headers: { number: String(from + index) },
  }));
}

function contents(records: readonly LogRecord[]): LogRecord[] {
  return records.map(({ value, headers }) => ({ value, headers: { ...headers } }));
}

/** A handler that keeps what it got, per topic, and how it was cut into batches. */
function collector(): {
  handler: RecordHandler;
  records: (topic: string) => PositionedRecord[];
  batches: PositionedRecord[][];
} {
  const batches: PositionedRecord[][] = [];
  return {
    batches,
    handler: async (_topic, records) => void batches.push([...records]),
    records: (topic) => batches.flat().filter((record) => record.topic === topic),
  };
}

async function readAll(log: EventLog, topic: string, from: bigint): Promise<PositionedRecord[][]> {
  const pages: PositionedRecord[][] = [];
  for await (const page of log.read(topic, from)) pages.push([...page]);
  return pages;
}

/** A promise and the function that settles it. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/**
 * What every adapter of the shared log promises (`EventLog`). `makeLog` gives one more client of the same log each time;
 * the suite closes them. Topics and groups have fresh names, so the log may be one that lives on.
 */
export function describeLogConformance(name: string, makeLog: () => Promise<EventLog>): void {
  describe(`${name} as the shared log`, () => {
    let log: EventLog;
    let other: EventLog;

    beforeAll(async () => {
      log = await makeLog();
      other = await makeLog();
    });

    afterAll(async () => {
      await log.close();
      await other.close();
    });

    const clients: Clients = { log: () => log, other: () => other, makeLog };
    describePublication(clients);
    describeReading(clients);
    describeDelivery(clients);
    describeFailures(clients);
    describeTopics(clients);
  });
}

interface Clients {
  readonly log: () => EventLog;
  readonly other: () => EventLog;
  readonly makeLog: () => Promise<EventLog>;
}

async function newTopic(log: EventLog): Promise<string> {
  const topic = newName('topic');
  await log.ensureTopic(topic);
  return topic;
}

function describePublication({ log, other }: Clients): void {
  it('creates a topic once, whoever asks', async () => {
    const topic = newName('topic');
    await Promise.all([log().ensureTopic(topic), other().ensureTopic(topic)]);
    await log().publish(topic, numbered(3));
    await other().ensureTopic(topic);
    expect(await log().end(topic)).toBe(3n);
  });

  it('gives positions from 0 without a gap', async () => {
    const topic = await newTopic(log());
    await log().publish(topic, numbered(2));
    await other().publish(topic, numbered(1, 2));
    const records = (await readAll(log(), topic, 0n)).flat();
    expect(records.map((record) => record.position)).toEqual([0n, 1n, 2n]);
    expect(records.map((record) => record.topic)).toEqual([topic, topic, topic]);
    expect(contents(records)).toEqual(numbered(3));
  });

  it('keeps the exact bytes of values and headers', async () => {
    const topic = await newTopic(log());
    const record = { value: `{"text":${JSON.stringify(UNICODE)}}  `, headers: { path: UNICODE, empty: '', 'a-b.c': '1' } };
    await log().publish(topic, [record, { value: '', headers: {} }]);
    expect(contents((await readAll(other(), topic, 0n)).flat())).toEqual([record, { value: '', headers: {} }]);
  });

  it('takes a record of the largest size', async () => {
    const topic = await newTopic(log());
    const records = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => ({ value: letter.repeat(MAX_RECORD_BYTES), headers: {} }));
    await log().publish(topic, records);
    const read = (await readAll(log(), topic, 0n)).flat();
    expect(read.map((record) => record.value === records[Number(record.position)]?.value)).toEqual(records.map(() => true));
    expect(read).toHaveLength(6);
  });

  it('refuses a larger record, counted in bytes, and writes nothing of its batch', async () => {
    const topic = await newTopic(log());
    const oversized = { value: 'ñ'.repeat(MAX_RECORD_BYTES / 2) + 'n', headers: {} };
    await expect(log().publish(topic, [...numbered(1), oversized, ...numbered(1)])).rejects.toThrow(OversizedRecordError);
    expect(await log().end(topic)).toBe(0n);
    await log().publish(topic, numbered(1));
    expect(await log().end(topic)).toBe(1n);
  });

  it('does nothing for a batch without records', async () => {
    const topic = await newTopic(log());
    await log().publish(topic, []);
    expect(await log().end(topic)).toBe(0n);
  });

  it('keeps the order of publications that were not awaited', async () => {
    const topic = await newTopic(log());
    await Promise.all([0, 10, 20, 30].map((from) => log().publish(topic, numbered(10, from))));
    expect(contents((await readAll(log(), topic, 0n)).flat())).toEqual(numbered(40));
  });

  it('takes publications to several topics at the same time', async () => {
    const topics = await Promise.all([newTopic(log()), newTopic(log()), newTopic(log())]);
    await Promise.all(
      topics.map(async (topic, index) => {
        const publisher = index % 2 === 0 ? log() : other();
        for (let from = 0; from < 100; from += 20) await publisher.publish(topic, numbered(20, from));
      }),
    );
    for (const topic of topics) expect(contents((await readAll(log(), topic, 0n)).flat())).toEqual(numbered(100));
  });
}

function describeReading({ log }: Clients): void {
  it('reads from any position to the present end, in pages', async () => {
    const topic = await newTopic(log());
    await log().publish(topic, numbered(1_203));
    const pages = await readAll(log(), topic, 0n);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.every((page) => page.length > 0)).toBe(true);
    expect(contents(pages.flat())).toEqual(numbered(1_203));
    expect(contents((await readAll(log(), topic, 700n)).flat())).toEqual(numbered(503, 700));
    expect((await readAll(log(), topic, 1_202n)).flat().map((record) => record.position)).toEqual([1_202n]);
    expect(await readAll(log(), topic, 1_203n)).toEqual([]);
  });

  it('says where a topic ends, and that a missing one is empty', async () => {
    expect(await log().end(newName('topic'))).toBe(0n);
    expect(await readAll(log(), newName('topic'), 0n)).toEqual([]);
  });
}

function describeDelivery({ log, other, makeLog }: Clients): void {
  it('delivers several topics in order, in batches of more than one page', async () => {
    const topics = await Promise.all([newTopic(log()), newTopic(log())]);
    await log().publish(topics[0] as string, numbered(1_203));
    const got = collector();
    const subscription = await other().subscribe({ group: newName('group'), topics, from: 'beginning', ...got });
    await log().publish(topics[1] as string, numbered(10));
    await eventually(() => expect(got.batches.flat()).toHaveLength(1_213));
    await subscription.stop();
    expect(contents(got.records(topics[0] as string))).toEqual(numbered(1_203));
    expect(contents(got.records(topics[1] as string))).toEqual(numbered(10));
    expect(got.batches.every((batch) => batch.length <= 500 && new Set(batch.map((r) => r.topic)).size === 1)).toBe(true);
  });

  it('goes on from the committed position, in another client too', async () => {
    const topic = await newTopic(log());
    const group = newName('group');
    await log().publish(topic, numbered(5));
    const first = collector();
    const before = await log().subscribe({ group, topics: [topic], from: 'beginning', ...first });
    await eventually(() => expect(first.records(topic)).toHaveLength(5));
    await before.stop();
    await log().publish(topic, numbered(5, 5));
    const successor = await makeLog();
    const second = collector();
    await successor.subscribe({ group, topics: [topic], from: 'end', ...second });
    await eventually(() => expect(second.records(topic)).toHaveLength(5));
    await successor.close();
    expect(first.records(topic)).toHaveLength(5);
    expect(contents(second.records(topic))).toEqual(numbered(5, 5));
  });

  it('delivers to each group by itself, also a late one', async () => {
    const topic = await newTopic(log());
    const [one, two] = [collector(), collector()];
    const first = await log().subscribe({ group: newName('group'), topics: [topic], from: 'beginning', ...one });
    await log().publish(topic, numbered(3));
    await eventually(() => expect(one.records(topic)).toHaveLength(3));
    const second = await log().subscribe({ group: newName('group'), topics: [topic], from: 'beginning', ...two });
    await eventually(() => expect(two.records(topic)).toHaveLength(3));
    await Promise.all([first.stop(), second.stop()]);
    expect(contents(one.records(topic))).toEqual(numbered(3));
    expect(contents(two.records(topic))).toEqual(numbered(3));
  });

  it('starts at the end where that is asked for', async () => {
    const topic = await newTopic(log());
    await log().publish(topic, numbered(3));
    const got = collector();
    const subscription = await log().subscribe({ group: newName('group'), topics: [topic], from: 'end', ...got });
    await log().publish(topic, numbered(2, 3));
    await eventually(() => expect(got.records(topic)).toHaveLength(2));
    await subscription.stop();
    expect(contents(got.records(topic))).toEqual(numbered(2, 3));
  });
}

function describeFailures({ log }: Clients): void {
  it('delivers the same records again when the handler fails, and then goes on', async () => {
    const topic = await newTopic(log());
    const attempts: string[][] = [];
    const subscription = await log().subscribe({
      group: newName('group'),
      topics: [topic],
      from: 'beginning',
      handler: async (_topic, records) => {
        attempts.push(records.map((record) => record.value));
        if (attempts.length < 4) throw new Error('not yet');
      },
    });
    const values = numbered(3).map((record) => record.value);
    await log().publish(topic, numbered(3));
    await eventually(() => expect(attempts).toHaveLength(4));
    await log().publish(topic, numbered(1, 3));
    await eventually(() => expect(attempts).toHaveLength(5));
    await subscription.stop();
    expect(attempts).toEqual([values, values, values, values, [JSON.stringify({ number: 3 })]]);
  });

  it('does not commit what failed: the next subscription gets it', async () => {
    const topic = await newTopic(log());
    const group = newName('group');
    const failed = signal();
    await log().publish(topic, numbered(3));
    const before = await log().subscribe({
      group,
      topics: [topic],
      from: 'beginning',
      handler: async () => {
        failed.give();
        throw new Error('never');
      },
    });
    await failed.given;
    await before.stop();
    const got = collector();
    const after = await log().subscribe({ group, topics: [topic], from: 'beginning', ...got });
    await eventually(() => expect(got.records(topic)).toHaveLength(3));
    await after.stop();
    expect(contents(got.records(topic))).toEqual(numbered(3));
  });

  it('holds back no other topic while one fails', async () => {
    const [failing, working] = [await newTopic(log()), await newTopic(log())];
    const got = collector();
    let failures = 0;
    let isMended = false;
    const subscription = await log().subscribe({
      group: newName('group'),
      topics: [failing, working],
      from: 'beginning',
      handler: async (topic, records) => {
        if (topic === failing && !isMended) {
          failures += 1;
          throw new Error('broken');
        }
        await got.handler(topic, records);
      },
    });
    await log().publish(failing, numbered(2));
    await eventually(() => expect(failures).toBeGreaterThan(0));
    for (let from = 0; from < 30; from += 10) {
      await log().publish(working, numbered(10, from));
      await eventually(() => expect(got.records(working)).toHaveLength(from + 10));
    }
    expect(got.records(failing)).toEqual([]);
    isMended = true;
    await eventually(() => expect(got.records(failing)).toHaveLength(2));
    await subscription.stop();
    expect(contents(got.records(working))).toEqual(numbered(30));
    expect(contents(got.records(failing))).toEqual(numbered(2));
  });

  it('waits on stop for the handler that runs, and commits what it did', async () => {
    const topic = await newTopic(log());
    const group = newName('group');
    const [entered, released] = [signal(), signal()];
    let isDone = false;
    await log().publish(topic, numbered(3));
    const subscription = await log().subscribe({
      group,
      topics: [topic],
      from: 'beginning',
      handler: async () => {
        entered.give();
        await released.given;
        isDone = true;
      },
    });
    await entered.given;
    const stopped = subscription.stop().then(() => expect(isDone).toBe(true));
    released.give();
    await stopped;
    await log().publish(topic, numbered(1, 3));
    const got = collector();
    const after = await log().subscribe({ group, topics: [topic], from: 'beginning', ...got });
    await eventually(() => expect(got.records(topic).length).toBeGreaterThan(0));
    await after.stop();
    expect(contents(got.records(topic))).toEqual(numbered(1, 3));
  });
}

function describeTopics({ log }: Clients): void {
  it.each(['beginning', 'end'] as const)('picks up a topic that appears later (from %s)', async (from) => {
    const existing = await newTopic(log());
    const later = newName('topic');
    const got = collector();
    const subscription = await log().subscribe({ group: newName('group'), topics: [existing, later], from, ...got });
    await log().publish(existing, numbered(2));
    await eventually(() => expect(got.records(existing)).toHaveLength(2));
    await log().ensureTopic(later);
    await log().publish(later, numbered(2));
    await eventually(() => expect(got.records(later)).toHaveLength(2));
    await log().publish(existing, numbered(1, 2));
    await eventually(() => expect(got.records(existing)).toHaveLength(3));
    await subscription.stop();
    expect(contents(got.records(later))).toEqual(numbered(2));
    expect(contents(got.records(existing))).toEqual(numbered(3));
  });
}
