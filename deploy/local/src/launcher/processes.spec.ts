import { afterEach, describe, expect, it } from '@jest/globals';
import { SAMPLE_AGENCIES } from '../network.ts';
import { dataDirAt } from './data-dir.ts';
import { nodeProcess } from './processes.ts';

const { CHANNEL_ALLOWED_HOSTS: before } = process.env;
const [agency] = SAMPLE_AGENCIES;
const ports = { issuer: 1, postgres: 2, kafka: 3, kafkaController: 4, nodes: new Map<string, number>() };
const surroundings = {
  ...{ dir: dataDirAt('/data'), ports, databasePassword: 'x', genesisId: 'y' },
  log: { driver: 'kafka' as const, brokers: [] },
};

function allowedHosts(besides?: string): string | undefined {
  if (besides === undefined) delete process.env['CHANNEL_ALLOWED_HOSTS'];
  else process.env['CHANNEL_ALLOWED_HOSTS'] = besides;
  return nodeProcess(agency!, surroundings).environment['CHANNEL_ALLOWED_HOSTS'];
}

afterEach(() => {
  if (before === undefined) delete process.env['CHANNEL_ALLOWED_HOSTS'];
  else process.env['CHANNEL_ALLOWED_HOSTS'] = before;
});

describe('the node of an agency', () => {
  it('asks the others of this machine, and where whoever starts it says besides', () => {
    expect(allowedHosts()).toBe('http://127.0.0.1');
    expect(allowedHosts('')).toBe('http://127.0.0.1');
    expect(allowedHosts('*.agencies.example,http://10.0.0.0/8')).toBe(
      'http://127.0.0.1,*.agencies.example,http://10.0.0.0/8',
    );
  });
});
