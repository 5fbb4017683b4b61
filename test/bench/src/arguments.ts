import { parseArgs } from 'node:util';

/** What can be measured, in the order of the report. */
export const MEASURES = ['append', 'http', 'latency', 'rebuild', 'stream-load', 'departure', 'hold', 'growth'] as const;

/** One of `MEASURES`. */
export type MeasureName = (typeof MEASURES)[number];

/** What the command line asks for. */
export interface BenchArguments {
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
  /** In the order of `MEASURES`. */
  readonly only: readonly MeasureName[];
}

/** The command line does not hold; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `--help` prints. */
export const USAGE = `Usage: npm run bench -- [--quick] [--json] [--only ${MEASURES.join(',')}] [--help]

Measures the platform beside its peers on this machine: Emmett on the same PostgreSQL, raw pg, raw kafkajs.

  --quick   shorter rounds, growth up to 100,000 events only
  --json    last line of output: one JSON object with the figures
  --only    some measures; the results file and the picture are then left as they are
  --help    this text

KAFKA_BROKERS names a broker; else one is started here (Java 17 and Maven).
Exit code: 0 it ran, 1 it failed, 2 wrong usage. A target that is missed is printed and fails nothing.`;

function namesOf(text: string): readonly MeasureName[] {
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !MEASURES.some((known) => known === name));
  if (unknown.length > 0) throw new UsageError(`--only: ${unknown.join(', ')} is none of ${MEASURES.join(', ')}`);
  return MEASURES.filter((name) => asked.includes(name));
}

/** Reads the command line. @throws UsageError */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        only: { type: 'string' },
      },
    });
    const { quick, json, help } = values;
    return { quick, json, help, only: values.only === undefined ? MEASURES : namesOf(values.only) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message);
  }
}
