import { describe, expect, it } from '@jest/globals';
import { describeLogConformance } from '@acogida/testing';
import { UnknownTopicError } from './log-limits.ts';
import { MemoryEventLog, MemoryLogStore } from './memory-log.ts';

const store = new MemoryLogStore();

describeLogConformance('MemoryEventLog', async () => new MemoryEventLog(store));

describe('MemoryEventLog', () => {
  it('refuses to write to a topic that does not exist', async () => {
    const log = new MemoryEventLog();
    await expect(log.publish('nowhere', [{ value: '1', headers: {} }])).rejects.toThrow(UnknownTopicError);
    expect(await log.end('nowhere')).toBe(0n);
  });

  it('keeps its own copy of the headers', async () => {
    const log = new MemoryEventLog();
    const headers = { path: 'a' };
    await log.ensureTopic('topic');
    await log.publish('topic', [{ value: '1', headers }]);
    headers.path = 'b';
    for await (const page of log.read('topic', 0n)) expect(page[0]?.headers).toEqual({ path: 'a' });
  });
});
