import { createServer } from 'node:net';
import { SAMPLE_AGENCIES } from '../network.ts';

/** Everything listens here and nowhere else. */
export const HOST = '127.0.0.1';
/** The issuer, nine nodes, PostgreSQL, Kafka, its controller. */
const FIRST_ROW = 13;
const NODES_IN_FIRST_ROW = 9;
/** Ports from the base on that the platform may use. */
export const PORTS_IN_USE = FIRST_ROW + Math.max(0, SAMPLE_AGENCIES.length - NODES_IN_FIRST_ROW);

/** Which part listens on which port. */
export interface PortPlan {
  readonly issuer: number;
  /** By agency; the same whichever nodes are started. */
  readonly nodes: ReadonlyMap<string, number>;
  readonly postgres: number;
  readonly kafka: number;
  readonly kafkaController: number;
}

/** Port of the node of the agency at `index`. The tenth node and later ones follow the first row: no port moves when one joins. */
export function nodePort(portBase: number, index: number): number {
  return portBase + (index < NODES_IN_FIRST_ROW ? 1 + index : FIRST_ROW + index - NODES_IN_FIRST_ROW);
}

/** The ports from `portBase` on. */
export function planPorts(portBase: number): PortPlan {
  return {
    issuer: portBase,
    nodes: new Map(SAMPLE_AGENCIES.map((agency, index) => [agency.agencyId, nodePort(portBase, index)])),
    postgres: portBase + 10,
    kafka: portBase + 11,
    kafkaController: portBase + 12,
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Of these ports, by name of who needs them, the ones on which somebody else listens. */
export async function takenPorts(wanted: ReadonlyMap<string, number>): Promise<{ name: string; port: number }[]> {
  const checked = await Promise.all(
    [...wanted].map(async ([name, port]) => ({ name, port, free: await isFree(port) })),
  );
  return checked.filter(({ free }) => !free).map(({ name, port }) => ({ name, port }));
}
