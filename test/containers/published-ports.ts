import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { freePort } from '@acogida/testing';
import { parse } from 'yaml';

/**
 * Below the ports that systems give to whoever asks for any, and those of journeys: an engine that is killed leaves rules that
 * lead its ports to nowhere, and a spec that was given one would never be reached.
 */
export const PUBLISHED_PORTS = { from: 10_000, to: 20_000 } as const;

/** A free port for each service that publishes one; several projects may run at the same time. */
export async function publishedPorts(composeFile: string): Promise<ReadonlyMap<string, number>> {
  const { services } = parse(await readFile(composeFile, 'utf8'), { merge: true }) as {
    services: Record<string, { ports?: string[] }>;
  };
  const ports = new Map<string, number>();
  for (const [name] of Object.entries(services).filter(([, service]) => service.ports !== undefined)) {
    let port: number;
    do port = await freePort(() => randomInt(PUBLISHED_PORTS.from, PUBLISHED_PORTS.to));
    while ([...ports.values()].includes(port));
    ports.set(name, port);
  }
  return ports;
}

/** What has docker compose publish services there instead. */
export function portsFile(ports: ReadonlyMap<string, number>): string {
  const services = [...ports].map(([name, port]) => `  ${name}: { ports: !override ['127.0.0.1:${port}:8080'] }`);
  return ['services:', ...services, ''].join('\n');
}
