import { describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { KafkaAdministration, onceTopicIsKnown } from './kafka-log-client.ts';

function failure(type: string): Error {
  return Object.assign(new Error(type), { type });
}

const administration = new KafkaAdministration({
  admin: () => ({ connect: async () => {}, disconnect: async () => {} }),
} as unknown as Kafka);

describe('work on a topic that was just made', () => {
  it('goes on once the broker knows the topic', async () => {
    const answers = [failure('UNKNOWN_TOPIC_OR_PARTITION'), failure('UNKNOWN_TOPIC_OR_PARTITION')];
    const work = async (): Promise<string> => {
      const error = answers.shift();
      if (error !== undefined) throw error;
      return 'made';
    };
    await expect(onceTopicIsKnown(administration, work)).resolves.toBe('made');
  });

  it('fails at once for any other reason', async () => {
    let attempts = 0;
    const work = async (): Promise<never> => {
      attempts += 1;
      throw failure('TOPIC_AUTHORIZATION_FAILED');
    };
    await expect(onceTopicIsKnown(administration, work)).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
    expect(attempts).toBe(1);
  });
});
