import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { HOST, planPorts, PORTS_IN_USE, takenPorts } from './ports.ts';

describe('planPorts', () => {
  it('gives every part its own port within the range', () => {
    const plan = planPorts(7100);
    const ports = [plan.issuer, ...plan.nodes.values(), plan.postgres, plan.kafka, plan.kafkaController];
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.min(...ports)).toBe(7100);
    expect(Math.max(...ports)).toBeLessThan(7100 + PORTS_IN_USE);
    expect(plan.nodes.get('cr-border-intake')).toBe(7101);
  });
});

describe('takenPorts', () => {
  it('names who wants the port that somebody else has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, HOST, resolve));
    const { port } = other.address() as AddressInfo;
    try {
      expect(await takenPorts(new Map([['issuer', port]]))).toEqual([{ name: 'issuer', port }]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    expect(await takenPorts(new Map([['issuer', port]]))).toEqual([]);
  });
});
