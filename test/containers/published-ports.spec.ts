import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SAMPLE_AGENCIES } from '@acogida/local';
import { portsFile, PUBLISHED_PORTS, publishedPorts } from './published-ports.ts';

const COMPOSE_FILE = join(resolve(import.meta.dirname, '../..'), 'docker-compose.yml');

describe('the ports of a project of its own', () => {
  it('are one for each service that publishes any, and none that a system gives away', async () => {
    const ports = await publishedPorts(COMPOSE_FILE);
    expect([...ports.keys()].sort()).toEqual(['issuer', ...SAMPLE_AGENCIES.map(({ agencyId }) => agencyId)].sort());
    expect(new Set(ports.values()).size).toBe(ports.size);
    for (const port of ports.values()) {
      expect(port).toBeGreaterThanOrEqual(PUBLISHED_PORTS.from);
      expect(port).toBeLessThan(PUBLISHED_PORTS.to);
    }
    expect(PUBLISHED_PORTS.to).toBeLessThan(32_768); // where Linux begins to give them away
  });

  it('are published instead of those of the file, on the loopback', () => {
    expect(portsFile(new Map([['issuer', 10_001]]))).toBe(
      "services:\n  issuer: { ports: !override ['127.0.0.1:10001:8080'] }\n",
    );
  });
});
