import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventLog, MAX_RECORD_BYTES, OversizedRecordError } from '@acogida/event-log';
import { describeDelivery } from './log-conformance-delivery.ts';
import { contents, type LogClients, newName, newTopic, numbered, readAll } from './log-conformance-records.ts';

const UNICODE = 'ñandú – Créole ayisyen – 日本語 – 👩‍👧 – e\u0301 – "\\\n\t';

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

    const clients: LogClients = { log: () => log, other: () => other, makeLog };
    describePositions(clients);
    describeContents(clients);
    describeReading(clients);
    describeDelivery(clients);
  });
}

function describePositions({ log, other }: LogClients): void {
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

function describeContents({ log, other }: LogClients): void {
  it('keeps the exact bytes of values and headers', async () => {
    const topic = await newTopic(log());
    const record = {
      value: `{"text":${JSON.stringify(UNICODE)}}  `,
      headers: { path: UNICODE, empty: '', 'a-b.c': '1' },
    };
    await log().publish(topic, [record, { value: '', headers: {} }]);
    expect(contents((await readAll(other(), topic, 0n)).flat())).toEqual([record, { value: '', headers: {} }]);
  });

  it('takes a record of the largest size', async () => {
    const topic = await newTopic(log());
    const records = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => ({
      value: letter.repeat(MAX_RECORD_BYTES),
      headers: {},
    }));
    await log().publish(topic, records);
    const read = (await readAll(log(), topic, 0n)).flat();
    expect(read.map((record) => record.value === records[Number(record.position)]?.value)).toEqual(
      records.map(() => true),
    );
    expect(read).toHaveLength(6);
  });

  it('refuses a larger record, counted in bytes, and writes nothing of its batch', async () => {
    const topic = await newTopic(log());
    const oversized = { value: 'ñ'.repeat(MAX_RECORD_BYTES / 2) + 'n', headers: {} };
    await expect(log().publish(topic, [...numbered(1), oversized, ...numbered(1)])).rejects.toThrow(
      OversizedRecordError,
    );
    expect(await log().end(topic)).toBe(0n);
    await log().publish(topic, numbered(1));
    expect(await log().end(topic)).toBe(1n);
  });

  it('does nothing for a batch without records', async () => {
    const topic = await newTopic(log());
    await log().publish(topic, []);
    expect(await log().end(topic)).toBe(0n);
  });
}

function describeReading({ log }: LogClients): void {
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
