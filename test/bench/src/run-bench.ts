import type { BenchArguments, MeasureName } from './arguments.ts';
import { findBroker } from './environment/kafka.ts';
import { describeMachine } from './environment/machine.ts';
import { startServer } from './environment/postgres.ts';
import { measureAppend } from './measures/append.ts';
import { type BenchContext, planOf } from './measures/context.ts';
import { measureDeparture } from './measures/departure.ts';
import { measureGrowth } from './measures/growth.ts';
import { measureHold } from './measures/hold.ts';
import { measureHttp } from './measures/http.ts';
import { measureLatency } from './measures/latency.ts';
import { measureRebuild } from './measures/rebuild.ts';
import { measureStreamLoad } from './measures/stream-load.ts';
import { type BenchFigures, type BenchResults, summaryOf } from './report/results.ts';

const NEEDS_BROKER: readonly MeasureName[] = ['latency', 'rebuild'];
const USES_BROKER: readonly MeasureName[] = ['http', 'hold', ...NEEDS_BROKER];

async function measureAll(only: readonly MeasureName[], context: BenchContext): Promise<BenchFigures> {
  const when = async <T>(name: MeasureName, measure: (context: BenchContext) => Promise<T>): Promise<T | null> =>
    only.includes(name) ? measure(context) : null;
  return {
    append: await when('append', measureAppend),
    http: await when('http', measureHttp),
    latency: await when('latency', measureLatency),
    rebuild: await when('rebuild', measureRebuild),
    streamLoad: await when('stream-load', measureStreamLoad),
    departure: await when('departure', measureDeparture),
    hold: await when('hold', measureHold),
    growth: await when('growth', measureGrowth),
  };
}

function whatDidNotRun(only: readonly MeasureName[], { broker, plan }: BenchContext): readonly string[] {
  const withoutBroker = broker.brokers === null ? only.filter((name) => NEEDS_BROKER.includes(name)) : [];
  return [
    ...(broker.brokers === null ? withoutBroker.map((name) => `${name}: ${broker.reason}`) : []),
    ...(plan.quick && only.includes('growth') ? ['growth at 1,000,000 events: a quick run stops at 100,000'] : []),
  ];
}

/** Starts a server, and a broker where one is needed, measures, and stops what it started. */
export async function runBench(
  { quick, only }: Pick<BenchArguments, 'quick' | 'only'>,
  progress: (text: string) => void,
): Promise<BenchResults> {
  const startedMs = performance.now();
  const plan = planOf(quick);
  const wantsBroker = only.some((name) => USES_BROKER.includes(name));
  progress('starting PostgreSQL and Kafka');
  const server = await startServer();
  try {
    const broker = wantsBroker ? await findBroker() : { brokers: null, reason: 'not asked for' };
    try {
      const context: BenchContext = { server, broker, plan, progress };
      const figures = await measureAll(only, context);
      return {
        date: new Date().toISOString().slice(0, 10),
        mode: quick ? 'quick' : 'full',
        durationSeconds: Math.round((performance.now() - startedMs) / 1000),
        machine: describeMachine({
          postgres: server.version,
          kafka: broker.brokers === null ? 'no Kafka' : broker.origin,
        }),
        notRun: whatDidNotRun(only, context),
        summary: summaryOf(figures),
        figures,
      };
    } finally {
      if (broker.brokers !== null) await broker.stop();
    }
  } finally {
    await server.stop();
  }
}
