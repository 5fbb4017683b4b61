import type { StepObserver } from '@acogida/core';
import { EmbeddedEventLog, type EventLog, KafkaEventLog } from '@acogida/event-log';
import type { LoggerService } from '@nestjs/common';
import pg from 'pg';
import type { LogConfiguration, NodeConfiguration } from '../configuration/node-configuration.ts';
import { describeError } from '../logging/describe-error.ts';

/** Connections of a node that was not told how many. */
export const POOL_SIZE = 10;
/** More than a resolver waits (5 s) before it asks again for a name whose answer was lost. */
export const CONNECTION_TIMEOUT_MS = 10_000;
/** A node that is used now and then opens no connection anew each time. */
export const IDLE_TIMEOUT_MS = 300_000;

/**
 * Longest that one statement runs, and that a transaction waits for its client: neither a hung process nor a lock holds
 * others up for ever. A rebuild is many short statements, each far below both.
 */
export const STATEMENT_TIMEOUT_MS = 60_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/** A pool on the node's database that outlives the server: a broken idle connection is only reported. */
export function openPool(
  { databaseUrl, databasePoolSize = POOL_SIZE }: Pick<NodeConfiguration, 'databaseUrl' | 'databasePoolSize'>,
  logger: LoggerService,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: databasePoolSize,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    application_name: 'acogida-node',
  });
  // without a listener an idle connection that breaks would end the process; the next query opens another
  pool.on('error', (error) => {
    logger.warn({ msg: 'an idle database connection broke', failure: describeError(error) });
  });
  return pool;
}

/**
 * The same of a pool that TypeORM opens, with these settings besides. TypeORM listens to a client a moment after the pool
 * hands it over: a connection that ends as it begins would end the process, so each is heard from its beginning.
 */
export function entityPool(url: string, settings: pg.PoolConfig) {
  return {
    type: 'postgres',
    url,
    poolErrorHandler: () => {}, // the next query opens another connection
    extra: { ...settings, onConnect: (client) => void client.on('error', () => {}) } satisfies pg.PoolConfig,
  } as const;
}

/** The shared log that the configuration names. */
export function openLog(
  configuration: LogConfiguration,
  agencyId: string,
  logger: LoggerService,
  observer: StepObserver,
): EventLog {
  const report = (level: 'info' | 'warn' | 'error', msg: string): void => {
    if (level === 'info') logger.log({ msg });
    else logger[level]({ msg });
  };
  return configuration.driver === 'kafka'
    ? new KafkaEventLog({ brokers: configuration.brokers, clientId: agencyId, report, observer })
    : new EmbeddedEventLog({ databaseUrl: configuration.databaseUrl, report, observer });
}
