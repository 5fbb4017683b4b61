import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { Controller, type DynamicModule, type INestMicroservice, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { defer, type Observable } from 'rxjs';
import { LogTransport, PropagateToLogFilter, RECEIVED_BATCH_PATTERN, type ReceivedBatch } from './log-transport.ts';
import { MemoryEventLog } from './memory-log.ts';
import type { EventLog } from './port.ts';

type Reaction = (batch: ReceivedBatch) => Promise<void> | Observable<void>;

let reaction: Reaction = async () => {};

@Controller()
@UseFilters(PropagateToLogFilter)
class BatchController {
  @EventPattern<string>(RECEIVED_BATCH_PATTERN)
  receive(@Payload() batch: ReceivedBatch): Promise<void> | Observable<void> {
    return reaction(batch);
  }
}

@Controller()
class SecondController {
  @EventPattern<string>(RECEIVED_BATCH_PATTERN)
  receive(): void {}
}

@Module({})
class SpecModule {
  static of(...controllers: (new () => unknown)[]): DynamicModule {
    return { module: SpecModule, controllers };
  }
}

const running: INestMicroservice[] = [];

async function serve(log: EventLog, ...controllers: (new () => unknown)[]): Promise<INestMicroservice> {
  const strategy = new LogTransport({ log, group: 'node', topics: ['a', 'b'], from: 'beginning' });
  const service = await NestFactory.createMicroservice(SpecModule.of(...controllers), { strategy, logger: false });
  await service.listen();
  running.push(service);
  return service;
}

async function newLog(): Promise<MemoryEventLog> {
  const log = new MemoryEventLog();
  await log.ensureTopic('a');
  await log.ensureTopic('b');
  return log;
}

function record(value: string): { value: string; headers: Record<string, string> } {
  return { value, headers: { path: `of ${value}` } };
}

describe('LogTransport', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.close()));
  });

  it('hands each batch to the handler as it stands in the log', async () => {
    const log = await newLog();
    const got: ReceivedBatch[] = [];
    reaction = async (batch) => void got.push(batch);
    await serve(log, BatchController);
    await log.publish('a', [record('1'), record('2')]);
    await eventually(() => expect(got).toHaveLength(1));
    expect(got).toEqual([
      {
        topic: 'a',
        records: [
          { topic: 'a', position: 0n, value: '1', headers: { path: 'of 1' } },
          { topic: 'a', position: 1n, value: '2', headers: { path: 'of 2' } },
        ],
      },
    ]);
  });

  it.each<[string, (work: () => Promise<void>) => ReturnType<Reaction>]>([
    ['promise', (work) => work()],
    ['observable', (work) => defer(work)],
  ])('waits for the result of a handler that returns a %s', async (_kind, answer) => {
    const log = await newLog();
    const releases: (() => void)[] = [];
    reaction = () => answer(() => new Promise<void>((resolve) => void releases.push(resolve)));
    await serve(log, BatchController);
    await log.publish('a', [record('1')]);
    await eventually(() => expect(releases).toHaveLength(1));
    await log.publish('a', [record('2')]);
    await log.publish('b', [record('3')]);
    await eventually(() => expect(releases).toHaveLength(2)); // the one of topic b
    releases[0]?.();
    await eventually(() => expect(releases).toHaveLength(3));
    for (const release of releases) release();
  });

  it('gets the same batch again when the handler fails, and calls it once per delivery', async () => {
    const log = await newLog();
    const attempts: string[] = [];
    reaction = async (batch) => {
      attempts.push(batch.records.map((one) => one.value).join());
      if (attempts.length < 3) throw new Error('not yet');
    };
    await serve(log, BatchController);
    await log.publish('a', [record('1'), record('2')]);
    await eventually(() => expect(attempts).toHaveLength(3));
    await log.publish('a', [record('3')]);
    await eventually(() => expect(attempts).toHaveLength(4));
    expect(attempts).toEqual(['1,2', '1,2', '1,2', '3']);
  });

  it('lets the log see the failure itself', async () => {
    const failures: unknown[] = [];
    const log = await newLog();
    const subscribe = log.subscribe.bind(log);
    log.subscribe = (options) =>
      subscribe({
        ...options,
        handler: (topic, records) =>
          options.handler(topic, records).catch((error: unknown) => {
            failures.push(error);
          }),
      });
    const failure = new TypeError('the very one');
    reaction = async () => {
      throw failure;
    };
    await serve(log, BatchController);
    await log.publish('a', [record('1')]);
    await eventually(() => expect(failures).toHaveLength(1));
    expect(failures[0]).toBe(failure);
  });

  it('stops consuming on close, after the handler that runs', async () => {
    const log = await newLog();
    let [isEntered, isDone] = [false, false];
    let release = (): void => {};
    reaction = async () => {
      isEntered = true;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      isDone = true;
    };
    const service = await serve(log, BatchController);
    await log.publish('a', [record('1')]);
    await eventually(() => expect(isEntered).toBe(true));
    const closed = service.close().then(() => isDone);
    release();
    expect(await closed).toBe(true);
    isEntered = false;
    await log.publish('a', [record('2')]);
    await log.publish('b', [record('3')]);
    expect(isEntered).toBe(false);
  });

  it.each([
    ['no handler', [], 'no @EventPattern'],
    ['two handlers', [BatchController, SecondController], 'more than one handler'],
  ])('refuses to listen with %s', async (_case, controllers, message) => {
    const log = await newLog();
    await expect(serve(log, ...controllers)).rejects.toThrow(message);
  });
});
