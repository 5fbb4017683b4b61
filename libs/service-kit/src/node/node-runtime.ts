import type { Clock, Ids } from '@acogida/core';
import { contractCatalogue, type ContractPayload, readContractPayload } from '@acogida/contracts';
import {
  type ContractReader,
  type EventLog,
  greatestObservedClock,
  Inbox,
  Quarantine,
  Relay,
  RelayDeposedError,
  TopicAheadError,
} from '@acogida/event-log';
import { type EventStore, HybridClockSource, PostgresEventStore } from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import type { LoggerService } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import type pg from 'pg';
import { TokenVerifier } from '../auth/token-verifier.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import { createProcedureHandler } from '../procedure-runner.ts';
import { openLog, openPool } from './open-connections.ts';
import { sealForOutbox } from './seal-for-outbox.ts';
import { randomIds, systemClock } from './system-time.ts';
import { trustOf } from './trust.ts';

/** What specs put in place of the real thing. */
export interface NodeReplacements {
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Stays open when the node stops: whoever made it closes it. */
  readonly log?: EventLog;
  readonly tokenKeys?: JWTVerifyGetKey;
}

/** The parts of a running node that know nothing of Nest. */
export interface NodeRuntime {
  readonly configuration: NodeConfiguration;
  readonly definition: NodeDefinition;
  readonly context: NodeContext;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly log: EventLog;
  readonly relay: Relay;
  readonly inbox: Inbox;
  readonly quarantine: Quarantine;
  readonly tokens: TokenVerifier;
  /**
   * False until the own topic was first compared with this database, and once the relay gave up: another process of this
   * agency took over, or the topic is ahead of this database. A log that goes away later changes nothing.
   */
  isRelaying(): boolean;
  /** Starts the relay; resolves after its first comparison, or its first failure: the relay then goes on trying. */
  startRelay(): Promise<void>;
  /** Waits for commands in flight, then stops relay, log and pool. */
  stop(): Promise<void>;
}

/** Judges opened payloads by the contracts of this release; what stands in clear must not contradict what is sealed. */
export const contractReader: ContractReader = {
  read: (payload, clearClass) => {
    const reading = readContractPayload(payload);
    if (reading.status !== 'ok') return reading;
    const { class: ownClass } = contractCatalogue[reading.payload.type];
    if (ownClass !== clearClass) return { status: 'invalid', reason: `its class is ${ownClass}, not ${clearClass}` };
    // the same object, typed loosely: the inbox knows no contract by name
    return { status: 'ok', payload: reading.payload as unknown as ContractPayload };
  },
};

function createRelay(
  configuration: NodeConfiguration,
  parts: { readonly pool: pg.Pool; readonly log: EventLog },
  logger: LoggerService,
): Pick<NodeRuntime, 'relay' | 'isRelaying' | 'startRelay'> {
  let hasCompared = false;
  let gaveUp = false;
  let settle = (): void => {};
  const firstOutcome = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const relay = new Relay({
    agencyId: configuration.agencyId,
    ...parts,
    signer: { keyId: configuration.signingKeyId, privateKey: configuration.signingKey },
    onTailCompared: () => {
      hasCompared = true;
      settle();
    },
    onError: (error) => {
      settle();
      gaveUp ||= error instanceof RelayDeposedError || error instanceof TopicAheadError;
      const msg = gaveUp ? 'the relay gave up' : 'the relay failed and tries again';
      logger.error({ msg, failure: describeError(error) });
    },
  });
  return {
    relay,
    isRelaying: () => hasCompared && !gaveUp,
    startRelay: async () => {
      await relay.start();
      await firstOutcome;
    },
  };
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
): Promise<NodeRuntime> {
  const { agencyId, agency } = configuration;
  const clock = replacements.clock ?? systemClock;
  const ids = replacements.ids ?? randomIds;
  const pool = openPool(configuration.databaseUrl, logger);
  const log = replacements.log ?? openLog(configuration.log, agencyId, logger);
  const relaying = createRelay(configuration, { pool, log }, logger);
  const hybridClock = await startHybridClock(pool, clock).catch(async (error: unknown) => {
    if (replacements.log === undefined) await log.close();
    await pool.end();
    throw error;
  });
  const sealer = new DevelopmentSealer(configuration.sealingKey);
  const store = new PostgresEventStore({
    pool,
    clock,
    hybridClock,
    ids,
    seal: sealForOutbox(sealer, agencyId),
    procedures: definition.procedures,
    inlineProjections: definition.inlineProjections,
    onCommitted: () => relaying.relay.wake(),
  });
  const context: NodeContext = { agencyId, jurisdiction: agency.jurisdiction, handler: createProcedureHandler(store) };
  const inbox = new Inbox({
    ...{ agencyId, pool, sealer, clock, hybridClock },
    trust: trustOf(configuration.network),
    reader: contractReader,
    policies: definition.policies(context),
    projections: definition.contractProjections,
    onAlarm: (alarm) => void logger.error({ msg: 'inbox alarm', alarm }),
    onEffect: () => relaying.relay.wake(),
  });
  return {
    configuration,
    definition,
    context,
    clock,
    ids,
    pool,
    store,
    log,
    ...relaying,
    inbox,
    quarantine: new Quarantine(pool, inbox),
    tokens: new TokenVerifier(configuration.oidc, replacements.tokenKeys),
    stop: async () => {
      await store.drain();
      await relaying.relay.stop();
      if (replacements.log === undefined) await log.close();
      await pool.end();
    },
  };
}
