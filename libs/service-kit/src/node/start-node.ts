import { topicOf } from '@acogida/event-log';
import { LogTransport } from '@acogida/event-log/transport';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { DestinationStream } from 'pino';
import { ConfigurationError, type NodeConfiguration, readConfiguration } from '../configuration/node-configuration.ts';
import { answerUnroutable } from '../http/problem.filter.ts';
import { setSecurityHeaders } from '../http/security-headers.ts';
import { describeError } from '../logging/describe-error.ts';
import { createNodeLogger } from '../logging/node-logger.ts';
import { correlationIdOf, logRequests } from '../logging/request-log.ts';
import { presentCorrelationId, scopeRequests } from '../logging/request-scope.ts';
import type { NodeDefinition } from '../node-definition.ts';
import type { MetricsServer } from '../observability/metrics-server.ts';
import { serveNodeMetrics } from '../observability/node-metrics.ts';
import { createObservability, type Observability } from '../observability/observability.ts';
import { observeRequests } from '../observability/request-observation.ts';
import { createDocument } from '../openapi/document.ts';
import { migrate, whileDatabaseComesUp } from './migrate.ts';
import { createNodeModule, httpControllersOf } from './node.module.ts';
import { createNodeRuntime, type NodeReplacements, type NodeRuntime } from './node-runtime.ts';
import { subscribePatiently } from './patient-subscription.ts';
import { testTimeOf } from './test-time.ts';

/** Largest body of a request, in bytes. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** Longest that an orderly stop may take before the process ends all the same. */
const STOP_TIMEOUT_MS = 15_000;

/** A node that answers requests and follows the log. */
export interface RunningNode {
  readonly app: NestFastifyApplication;
  readonly runtime: NodeRuntime;
  /** Base URL that it listens on. */
  readonly url: string;
  /** Where metrics are scraped; null where the configuration names no port. */
  readonly metricsUrl: string | null;
  /** Stops metrics, HTTP, the subscription, the relay and the pools, in this order. */
  stop(): Promise<void>;
}

/** How a node is booted beside its configuration. */
export interface BootOptions {
  readonly replacements?: NodeReplacements;
  readonly logDestination?: DestinationStream;
}

function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: (request: { headers: Parameters<typeof correlationIdOf>[0] }) => correlationIdOf(request.headers),
    requestIdHeader: false,
    frameworkErrors: answerUnroutable,
    forceCloseConnections: 'idle',
  });
}

function completeHttp(app: NestFastifyApplication, runtime: NodeRuntime, logger: LoggerService): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain'); // JSON is all that is read
  setSecurityHeaders(fastify);
  scopeRequests(fastify);
  observeRequests(fastify, runtime.observability);
  logRequests(fastify, logger);
  const { definition, configuration } = runtime;
  const document = createDocument(app, httpControllersOf(definition), {
    title: `Acogida ${definition.kind}, ${configuration.agencyId}`,
    description: definition.description,
    version: 'v1',
  });
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: '/openapi.json', raw: ['json'] });
}

function followLog(app: NestFastifyApplication, runtime: NodeRuntime, logger: LoggerService): void {
  const { configuration, log, trust } = runtime;
  const onRetry = (error: unknown): void => {
    logger.warn({ msg: 'the log cannot be followed yet', failure: describeError(error) });
  };
  app.connectMicroservice({
    strategy: new LogTransport({
      log: subscribePatiently(log, onRetry),
      group: `acogida.${configuration.agencyId}`,
      topics: () => trust.others().map(topicOf),
      from: 'beginning',
    }),
  });
}

/**
 * Migrates the database, waiting for it to come up, and boots the node: it answers requests, relays, and follows the log.
 *
 * @throws ErasedRequestTypeError a controller whose body class was erased
 */
export async function bootNode(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  options: BootOptions = {},
): Promise<RunningNode> {
  const observability = createObservability(configuration, options.replacements);
  const logger = loggerOf(configuration, observability, options.logDestination);
  const waiting = <T>(work: () => Promise<T>): Promise<T> =>
    whileDatabaseComesUp(work, () => void logger.warn({ msg: 'waiting for the database' }));
  await waiting(() => migrate(configuration.databaseUrl, definition));
  const runtime = await waiting(() =>
    createNodeRuntime(definition, configuration, logger, options.replacements, observability),
  );
  let app: NestFastifyApplication | undefined;
  let metrics: MetricsServer | null = null;
  try {
    app = await NestFactory.create<NestFastifyApplication>(createNodeModule(runtime), createAdapter(), {
      ...{ logger, bodyParser: false, abortOnError: false },
    });
    completeHttp(app, runtime, logger);
    followLog(app, runtime, logger);
    await app.listen(configuration.port, configuration.host);
    metrics = await serveNodeMetrics(runtime);
    await waiting(() => runtime.startRelay());
    runtime.staleness.start();
    if (runtime.hasCompared()) wakeUp(runtime); // else with the first batch: policies decide on the latest state
    runtime.replies?.start();
    await runtime.deadlines?.start();
    await app.startAllMicroservices(); // policies decide on the latest state: after the own topic was compared
  } catch (error) {
    await metrics?.stop();
    await app?.close();
    await runtime.stop();
    throw error;
  }
  return runningNode(app, runtime, metrics);
}

/** Goes on with what was left to do when the node stopped. */
function wakeUp({ unlocks, caseKeys }: NodeRuntime): void {
  unlocks.wake();
  caseKeys?.membership.alignment?.wake();
}

/** The node's log: each line says which request and which trace it belongs to. */
function loggerOf(
  { logLevel: level, agencyId }: NodeConfiguration,
  { tracing }: Observability,
  destination: DestinationStream | undefined,
): LoggerService {
  return createNodeLogger({
    level,
    agencyId,
    present: () => {
      const correlationId = presentCorrelationId();
      return { ...(correlationId === undefined ? {} : { correlationId }), ...tracing?.presentIds() };
    },
    ...(destination === undefined ? {} : { destination }),
  });
}

function runningNode(app: NestFastifyApplication, runtime: NodeRuntime, metrics: MetricsServer | null): RunningNode {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await metrics?.stop();
    await app.close(); // HTTP first, then the subscription
    await runtime.stop();
  };
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : runtime.configuration.port;
  return {
    app,
    runtime,
    url: `http://${runtime.configuration.host}:${port}`,
    metricsUrl: metrics?.url ?? null,
    stop: () => (stopping ??= stop()),
  };
}

/**
 * Runs a node in this process until SIGTERM or SIGINT, then stops it and exits with 0. Exits with 1 when the configuration
 * does not hold or the node cannot start. This is all that a service's `main.ts` calls.
 */
export async function startNode(definition: NodeDefinition): Promise<void> {
  const die = (error: unknown): never => {
    const description = error instanceof ConfigurationError ? { errors: error.errors } : describeError(error);
    process.stderr.write(`${JSON.stringify({ level: 60, msg: 'the node ends', error: description })}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  let node: RunningNode | undefined;
  const stop = (): void => {
    if (node === undefined) process.exit(0); // still starting: nothing is half done, migrations are transactions
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    node.stop().then(() => process.exit(0), die);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    const configuration = readConfiguration(process.env, definition.kind);
    node = await bootNode(definition, configuration, { replacements: testTimeOf(process.env) });
  } catch (error) {
    die(error);
  }
}
