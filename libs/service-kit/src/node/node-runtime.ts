import type { Clock, Ids, StepObserver } from '@acogida/core';
import { type EventLog, greatestObservedClock } from '@acogida/event-log';
import { type EventStore, HybridClockSource, PostgresEventStore } from '@acogida/event-store';
import { DevelopmentSealer, type Kms } from '@acogida/sealing';
import type { LoggerService } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import type pg from 'pg';
import { type KeyOpening, type NodeKeys, openNodeKeys } from '../at-rest/open-keys.ts';
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
import { agencyKeysProcedure } from '../trust/agency-keys.procedure.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { createDeadlines, type DeadlineKeeping, keepDeadlines } from './node-deadlines.ts';
import { createReceiving, type NodeReceiving } from './receiving.ts';
import { createRelaying, type NodeRelaying } from './relaying.ts';
import { createReplyRetention, type ReplyRetention } from './reply-retention.ts';
import { openLog, openPool } from './open-connections.ts';
import { sealForOutbox } from './seal-for-outbox.ts';
import { randomIds, systemClock } from './system-time.ts';
import { loadTrust } from './trust.ts';

/** What specs put in place of the real thing. */
export interface NodeReplacements extends ObservabilityReplacements {
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Stays open when the node stops: whoever made it closes it. */
  readonly log?: EventLog;
  readonly tokenKeys?: JWTVerifyGetKey;
  readonly alarm?: AlarmClock;
  readonly kms?: Kms;
  /** How often the node looks for what came due without being woken, in milliseconds. */
  readonly deadlineLookIntervalMs?: number;
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
  /** Whom this node believes. */
  readonly trust: LiveTrust;
  /** Of cases and of the agency, and what the store encrypts with. */
  readonly keys: NodeKeys;
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

interface Connections {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  /** Leaves alone what was given. */
  readonly close: () => Promise<void>;
}

function connect(
  configuration: NodeConfiguration,
  { log: given }: NodeReplacements,
  logger: LoggerService,
  observer: StepObserver,
): Connections {
  const pool = openPool(configuration.databaseUrl, logger);
  const log = given ?? openLog(configuration.log, configuration.agencyId, logger, observer);
  const close = async (): Promise<void> => {
    if (given === undefined) await log.close();
    await pool.end();
  };
  return { pool, log, close };
}

/** What of the node's database it works with from the start. Closes the connections when that cannot be had. */
async function loadStored(
  { pool, close, clock, kms }: Pick<Connections, 'pool' | 'close'> & KeyOpening,
  configuration: NodeConfiguration,
  logger: LoggerService,
): Promise<[HybridClockSource, LiveTrust, NodeKeys]> {
  try {
    return await Promise.all([
      startHybridClock(pool, clock),
      loadTrust(pool, configuration, logger),
      openNodeKeys(configuration, { pool, clock, kms }),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Opens a node's connections and wires its parts; nothing runs yet. The database must have been migrated.
 *
 * @throws what the database throws: the hybrid clock starts from the outbox; KmsError, MasterKeyLostError: as `openNodeKeys`
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
  const { pool, log, close } = connect(configuration, replacements, logger, observer);
  const beginning = { pool, close, clock, kms: replacements.kms };
  const [hybridClock, trust, keys] = await loadStored(beginning, configuration, logger);
  const sealer = new DevelopmentSealer(configuration.sealingKey);
  const parts = { pool, log, clock, ids, hybridClock, sealer, observability, trust };
  const relaying = createRelaying(configuration, parts, logger);
  const { alarm, deadlineLookIntervalMs: lookIntervalMs } = replacements;
  const timing = { pool, clock, ids, metrics: observability.metrics, alarm, lookIntervalMs };
  const keeping = keepDeadlines(definition, configuration, timing, logger);
  const store = new PostgresEventStore({
    ...{ pool, observer, clock, hybridClock, ids },
    seal: sealForOutbox(sealer, agencyId),
    sealing: keys.texts,
    procedures: [...definition.procedures, agencyKeysProcedure],
    inlineProjections: [...definition.inlineProjections, ...keeping.projections],
    onCommitted: () => relaying.relay.wake(),
  });
  const context: NodeContext = {
    agencyId,
    jurisdiction: agency.jurisdiction,
    handler: createProcedureHandler(store, relaying.recovery),
    clock,
    members: () => trust.agencies(),
  };
  const onEffect = (): void => {
    relaying.relay.wake();
    keys.texts.confirmSoon();
  };
  const receiving = createReceiving(definition, configuration, { ...parts, context, onEffect }, logger);
  const turns = { ...timing, onEffect, mayAct: () => relaying.isRelaying() };
  const deadlines = createDeadlines(keeping, context, turns, logger);
  const replies = createReplyRetention(configuration, { store, clock }, logger);
  return {
    ...{ configuration, definition, context, clock, ids, pool, store, log, observability, replies, trust, keys },
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
      await close();
      await observability.shutdown();
    },
  };
}
