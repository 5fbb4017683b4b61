import type { Clock, Ids } from '@acogida/core';
import { type EventLog, greatestObservedClock } from '@acogida/event-log';
import { type EventStore, HybridClockSource, PostgresEventStore } from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import type { LoggerService } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import type pg from 'pg';
import { TokenVerifier } from '../auth/token-verifier.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import type { Deadlines } from '../deadlines/deadlines.ts';
import type { AlarmClock } from '../deadlines/port.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import {
  createObservability,
  type Observability,
  type ObservabilityReplacements,
} from '../observability/observability.ts';
import { createProcedureHandler } from '../procedure-runner.ts';
import { createDeadlines, type DeadlineKeeping, keepDeadlines } from './node-deadlines.ts';
import { createReceiving, type NodeReceiving } from './receiving.ts';
import { createRelaying, type NodeRelaying } from './relaying.ts';
import { createReplyRetention, type ReplyRetention } from './reply-retention.ts';
import { openLog, openPool } from './open-connections.ts';
import { sealForOutbox } from './seal-for-outbox.ts';
import { randomIds, systemClock } from './system-time.ts';

/** What specs put in place of the real thing. */
export interface NodeReplacements extends ObservabilityReplacements {
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Stays open when the node stops: whoever made it closes it. */
  readonly log?: EventLog;
  readonly tokenKeys?: JWTVerifyGetKey;
  readonly alarm?: AlarmClock;
}

/** The parts of a running node that know nothing of Nest. */
export interface NodeRuntime extends NodeRelaying, NodeReceiving {
  readonly configuration: NodeConfiguration;
  readonly definition: NodeDefinition;
  readonly context: NodeContext;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly log: EventLog;
  readonly tokens: TokenVerifier;
  readonly observability: Observability;
  /** Runs from `start` on; undefined when replies are kept for ever. */
  readonly replies: ReplyRetention | undefined;
  /** Runs from `start` on; undefined for a definition without deadlines. */
  readonly deadlines: Deadlines | undefined;
  /** Where they are kept; empty for a definition without. */
  readonly deadlineStore: DeadlineKeeping['store'];
  /** Waits for commands in flight, then stops relay, log and pool. */
  stop(): Promise<void>;
}

async function startHybridClock(pool: pg.Pool, clock: Clock): Promise<HybridClockSource> {
  return HybridClockSource.start(pool, clock, await greatestObservedClock(pool));
}

/**
 * Opens a node's connections and wires its parts; nothing runs yet. The database must have been migrated.
 *
 * @throws what the database throws: the hybrid clock starts from the outbox
 */
export async function createNodeRuntime(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  logger: LoggerService,
  replacements: NodeReplacements = {},
  observability: Observability = createObservability(configuration, replacements),
): Promise<NodeRuntime> {
  const { agencyId, agency } = configuration;
  const { observer } = observability;
  const clock = replacements.clock ?? systemClock;
  const ids = replacements.ids ?? randomIds;
  const pool = openPool(configuration.databaseUrl, logger);
  const log = replacements.log ?? openLog(configuration.log, agencyId, logger, observer);
  const hybridClock = await startHybridClock(pool, clock).catch(async (error: unknown) => {
    if (replacements.log === undefined) await log.close();
    await pool.end();
    throw error;
  });
  const sealer = new DevelopmentSealer(configuration.sealingKey);
  const parts = { pool, log, clock, ids, hybridClock, sealer, observability };
  const relaying = createRelaying(configuration, parts, logger);
  const timing = { pool, clock, ids, metrics: observability.metrics, alarm: replacements.alarm };
  const keeping = keepDeadlines(definition, configuration, timing, logger);
  const store = new PostgresEventStore({
    ...{ pool, observer, clock, hybridClock, ids },
    seal: sealForOutbox(sealer, agencyId),
    procedures: definition.procedures,
    inlineProjections: [...definition.inlineProjections, ...keeping.projections],
    onCommitted: () => relaying.relay.wake(),
  });
  const context: NodeContext = {
    agencyId,
    jurisdiction: agency.jurisdiction,
    handler: createProcedureHandler(store, relaying.recovery),
    clock,
  };
  const onEffect = (): void => relaying.relay.wake();
  const receiving = createReceiving(definition, configuration, { ...parts, context, onEffect }, logger);
  const mayAct = (): boolean => relaying.isRelaying();
  const deadlines = createDeadlines(keeping, context, { ...timing, mayAct, onEffect }, logger);
  const replies = createReplyRetention(configuration, { store, clock }, logger);
  return {
    ...{ configuration, definition, context, clock, ids, pool, store, log, observability, replies },
    ...{ deadlines, deadlineStore: keeping.store },
    ...relaying,
    ...receiving,
    tokens: new TokenVerifier(configuration.oidc, replacements.tokenKeys),
    stop: async () => {
      await receiving.staleness.stop();
      await replies?.stop();
      await deadlines?.stop();
      await store.drain();
      await relaying.relay.stop();
      if (replacements.log === undefined) await log.close();
      await pool.end();
      await observability.shutdown();
    },
  };
}
