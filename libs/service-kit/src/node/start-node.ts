import { LogTransport, topicOf } from '@acogida/event-log';
import { ConsoleLogger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { Logger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { ConfigurationError, type NodeConfiguration, readConfiguration } from '../configuration/node-configuration.ts';
import { setSecurityHeaders } from '../http/security-headers.ts';
import { describeError } from '../logging/describe-error.ts';
import { correlationIdOf, logRequests } from '../logging/request-log.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { createDocument } from '../openapi/document.ts';
import { migrate, whileDatabaseComesUp } from './migrate.ts';
import { createNodeModule, httpControllersOf } from './node.module.ts';
import { createNodeRuntime, type NodeReplacements, type NodeRuntime } from './node-runtime.ts';
import { subscribePatiently } from './patient-subscription.ts';

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
  /** Stops HTTP, the subscription, the relay and the pools, in this order. */
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
    forceCloseConnections: 'idle',
  });
}

function completeHttp(app: NestFastifyApplication, runtime: NodeRuntime, logger: LoggerService): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain'); // JSON is all that is read
  setSecurityHeaders(fastify);
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
  const { configuration, log } = runtime;
  const others = configuration.network.agencies.filter((agency) => agency.agencyId !== configuration.agencyId);
  const onRetry = (error: unknown): void => {
    logger.warn({ msg: 'the log cannot be followed yet', failure: describeError(error) });
  };
  app.connectMicroservice({
    strategy: new LogTransport({
      log: subscribePatiently(log, onRetry),
      group: `acogida.${configuration.agencyId}`,
      topics: others.map((agency) => topicOf(agency.agencyId)),
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
  const starting = new ConsoleLogger('NodeStart', {
    json: true,
    logLevels: configuration.logLevel === 'silent' ? [] : ['warn', 'error'],
  });
  const waiting = <T>(work: () => Promise<T>): Promise<T> =>
    whileDatabaseComesUp(work, () => starting.warn('waiting for the database'));
  await waiting(() => migrate(configuration.databaseUrl, definition));
  const logger = lateLogger(starting);
  const runtime = await waiting(() => createNodeRuntime(definition, configuration, logger, options.replacements));
  let app: NestFastifyApplication | undefined;
  try {
    app = await NestFactory.create<NestFastifyApplication>(
      createNodeModule(runtime, options.logDestination),
      createAdapter(),
      { bufferLogs: true, bodyParser: false, abortOnError: false },
    );
    logger.use(app.get(Logger));
    app.useLogger(app.get(Logger));
    completeHttp(app, runtime, logger);
    followLog(app, runtime, logger);
    await app.startAllMicroservices();
    await app.listen(configuration.port, configuration.host);
    await waiting(() => runtime.startRelay());
  } catch (error) {
    await app?.close();
    await runtime.stop();
    throw error;
  }
  return runningNode(app, runtime);
}

function runningNode(app: NestFastifyApplication, runtime: NodeRuntime): RunningNode {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await app.close(); // HTTP first, then the subscription
    await runtime.stop();
  };
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : runtime.configuration.port;
  return {
    app,
    runtime,
    url: `http://${runtime.configuration.host}:${port}`,
    stop: () => (stopping ??= stop()),
  };
}

/** A logger whose target is replaced once Nest has made the real one. */
function lateLogger(first: LoggerService): LoggerService & { use(logger: LoggerService): void } {
  let target = first;
  return {
    use: (logger) => {
      target = logger;
    },
    log: (message: unknown) => void target.log(message),
    warn: (message: unknown) => void target.warn(message),
    error: (message: unknown) => void target.error(message),
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
    node = await bootNode(definition, readConfiguration(process.env, definition.kind));
  } catch (error) {
    die(error);
  }
}
