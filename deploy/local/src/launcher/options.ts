import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveDataDir, UsageError } from '@acogida/operations';
import { SAMPLE_AGENCIES } from '../network.ts';
import { PORTS_IN_USE } from './ports.ts';

/** First port when `--port-base` is not given. */
export const DEFAULT_PORT_BASE = 7100;

/** `npm start -- --help`. */
export const LAUNCHER_HELP = `Usage: npm start -- [options]

Starts the whole platform on this machine: PostgreSQL, the shared log, a development issuer, and one node per agency.

  --port-base N    first of ${PORTS_IN_USE} ports (default ${DEFAULT_PORT_BASE}): issuer N, nodes from N+1, PostgreSQL N+10, Kafka N+11
  --data-dir DIR   where everything is kept (default .acogida in the workspace); a second start resumes it
  --fresh          throw the data directory away first
  --kafka          use Apache Kafka as the log: the brokers of KAFKA_BROKERS, else a local one (Java 17, Maven)
  --only A,B,…     start only the nodes of these agencies: ${SAMPLE_AGENCIES.map((agency) => agency.agencyId).join(', ')}
  --json           last line of standard output when ready: the run file as JSON
  --help           this text

Ctrl-C stops everything. Exit code: 0 stopped as asked, 1 could not start, 2 usage, 3 no Kafka.`;

/** What the command line asks for. */
export interface LauncherOptions {
  readonly portBase: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly fresh: boolean;
  readonly kafka: boolean;
  /** Agencies whose nodes to start, in the order of the network. */
  readonly agencies: readonly string[];
  readonly json: boolean;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'port-base': { type: 'string' },
        'data-dir': { type: 'string' },
        fresh: { type: 'boolean' },
        kafka: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function portBaseOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT_BASE;
  const port = Number(text);
  if (/^\d{4,5}$/.test(text) && port >= 1024 && port + PORTS_IN_USE <= 65_536) return port;
  throw new UsageError(`--port-base takes a port from 1024 to ${65_536 - PORTS_IN_USE}`);
}

function agenciesOf(only: readonly string[] | undefined): readonly string[] {
  const known = SAMPLE_AGENCIES.map((agency) => agency.agencyId);
  if (only === undefined) return known;
  const asked = only.flatMap((part) => part.split(',')).map((part) => part.trim());
  const unknown = asked.filter((agency) => !known.includes(agency));
  if (unknown.length > 0) throw new UsageError(`--only: no such agency; there are ${known.join(', ')}`);
  return known.filter((agency) => asked.includes(agency));
}

/** Reads the command line; null when help was asked. @throws UsageError */
export function parseLauncherOptions(args: readonly string[], environment: NodeJS.ProcessEnv): LauncherOptions | null {
  const values = parse(args);
  if (values.help === true) return null;
  return {
    portBase: portBaseOf(values['port-base']),
    dataDir: resolve(resolveDataDir(values['data-dir'], environment)),
    fresh: values.fresh === true,
    kafka: values.kafka === true,
    agencies: agenciesOf(values.only),
    json: values.json === true,
  };
}
