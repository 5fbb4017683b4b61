import { expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';
import {
  collector,
  contents,
  type LogClients,
  newName,
  newTopic,
  numbered,
  signal,
} from './log-conformance-records.ts';

/** What subscriptions promise. */
export function describeDelivery(clients: LogClients): void {
  describeOrderAndPositions(clients);
  describeGroups(clients);
  describeRedelivery(clients);
  describeOneTopicFailing(clients);
  describeOneTopicBusy(clients);
  describeStopping(clients);
  describeLaterTopics(clients);
}

function describeOrderAndPositions({ log, other, makeLog }: LogClients): void {
  it('delivers several topics in order, in batches of more than one page', async () => {
    const topics = await Promise.all([newTopic(log()), newTopic(log())]);
    await log().publish(topics[0], numbered(1_203));
    const got = collector();
    const subscription = await other().subscribe({ group: newName('group'), topics, from: 'beginning', ...got });
    await log().publish(topics[1], numbered(10));
    await eventually(() => expect(got.batches.flat()).toHaveLength(1_213));
    await subscription.stop();
    expect(contents(got.records(topics[0]))).toEqual(numbered(1_203));
    expect(contents(got.records(topics[1]))).toEqual(numbered(10));
    expect(got.batches.every((batch) => batch.length <= 500 && new Set(batch.map((r) => r.topic)).size === 1)).toBe(
      true,
    );
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
}

function describeGroups({ log }: LogClients): void {
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

function describeRedelivery({ log }: LogClients): void {
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
}

function describeOneTopicFailing({ log }: LogClients): void {
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
}

function describeOneTopicBusy({ log }: LogClients): void {
  it('holds back no other topic while one is being handled, and delivers that one once', async () => {
    const [slow, quick] = [await newTopic(log()), await newTopic(log())];
    const got = collector();
    const [entered, released] = [signal(), signal()];
    const subscription = await log().subscribe({
      group: newName('group'),
      topics: [slow, quick],
      from: 'beginning',
      handler: async (topic, records) => {
        if (topic === slow) {
          entered.give();
          await released.given;
        }
        await got.handler(topic, records);
      },
    });
    await log().publish(slow, numbered(1));
    await entered.given;
    await log().publish(slow, numbered(1, 1));
    for (let from = 0; from < 30; from += 10) {
      await log().publish(quick, numbered(10, from));
      await eventually(() => expect(got.records(quick)).toHaveLength(from + 10));
    }
    expect(got.records(slow)).toEqual([]);
    released.give();
    await eventually(() => expect(got.records(slow)).toHaveLength(2));
    await subscription.stop();
    expect(contents(got.records(slow))).toEqual(numbered(2));
    expect(contents(got.records(quick))).toEqual(numbered(30));
  });
}

function describeStopping({ log }: LogClients): void {
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

function describeLaterTopics({ log }: LogClients): void {
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

  it('follows a topic that the list names later, without a new subscription', async () => {
    const first = await newTopic(log());
    const named = await newTopic(log());
    await log().publish(named, numbered(2));
    const topics = [first];
    const got = collector();
    const subscription = await log().subscribe({
      ...{ group: newName('group'), topics: () => topics, from: 'beginning' },
      handler: async (topic, records) => {
        await got.handler(topic, records);
        if (!topics.includes(named)) topics.push(named);
      },
    });
    await log().publish(first, numbered(1));
    await eventually(() => expect(got.records(named)).toHaveLength(2));
    await log().publish(named, numbered(1, 2));
    await eventually(() => expect(got.records(named)).toHaveLength(3));
    await subscription.stop();
    expect(contents(got.records(named))).toEqual(numbered(3));
    expect(contents(got.records(first))).toEqual(numbered(1));
  });
}
