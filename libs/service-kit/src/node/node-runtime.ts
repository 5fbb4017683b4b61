import type { Clock, Ids, StepObserver } from '@acogida/core';
import { type EventLog, greatestObservedClock, type InboxSealing } from '@acogida/event-log';
import { type EventStore, HybridClockSource, inTransaction, PostgresEventStore } from '@acogida/event-store';
import type { Kms } from '@acogida/sealing';
import type { LoggerService } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import type pg from 'pg';
import { type KeyOpening, type NodeKeys, openNodeKeys } from '../at-rest/open-keys.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';
import { ConsentTelling } from '../circle-care/consent-telling.ts';
import type { CircleKeepingOptions } from '../circle-care/circle-keeping-handler.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import type { Deadlines } from '../deadlines/deadlines.ts';
import type { AlarmClock } from '../deadlines/port.ts';
import type { ErasureCare } from '../erasure/erasure-care.ts';
import type { NodeContext, NodeDefinition, SafeguardAlarm } from '../node-definition.ts';
import {
  createObservability,
  type Observability,
  type ObservabilityReplacements,
} from '../observability/observability.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import { type AppendPreparation, type CommandGate, createProcedureHandler } from '../procedure-runner.ts';
import { agencyKeysProcedure } from '../trust/agency-keys.procedure.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { type NodeCaseKeys, withCaseKeys } from './assemble-case-keys.ts';
import { afterComparing, type AfterComparingParts } from './after-comparing.ts';
import { announceAddress, withChannel } from './announce-address.ts';
import { keepCircles } from './keep-circles.ts';
import { createErasure, withErasure } from './erasure-of-node.ts';
import { createDeadlines, type DeadlineKeeping, keepDeadlines } from './node-deadlines.ts';
import { createReceiving, type NodeReceiving } from './receiving.ts';
import { createRelaying, type NodeRelaying } from './relaying.ts';
import { createReplyRetention, type ReplyRetention } from './reply-retention.ts';
import { openLog, openPool } from './open-connections.ts';
import { contextOf, createSealing, type Made } from './sealing-of-node.ts';
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
  /** How long offer keys that an erasure retired still open, in milliseconds. */
  readonly erasureGraceMs?: number;
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
  /** What keeps and hands out the keys of cases; null where the node seals with the key of the network. */
  readonly caseKeys: NodeCaseKeys | null;
  /** Erases cases. */
  readonly erasure: ErasureCare;
  /** Opens what stands on the log, as far as this node can. */
  readonly sealing: InboxSealing;
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
  const pool = openPool(configuration, logger);
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
 * @throws what the database throws: the hybrid clock starts from the outbox; KmsError, MasterKeyLostError: as `openNodeKeys`;
 *   ConfigurationError as `createCaseKeys`
 */
export async function createNodeRuntime(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  logger: LoggerService,
  replacements: NodeReplacements = {},
  observability: Observability = createObservability(configuration, replacements),
): Promise<NodeRuntime> {
  const { agencyId } = configuration;
  const { observer, metrics } = observability;
  const clock = replacements.clock ?? systemClock;
  const ids = replacements.ids ?? randomIds;
  const { pool, log, close } = connect(configuration, replacements, logger, observer);
  const beginning = { pool, close, clock, kms: replacements.kms };
  const [hybridClock, trust, keys] = await loadStored(beginning, configuration, logger);
  const made: Made = {};
  const sealers = { pool, close, clock, ids, keys, trust };
  const { caseKeys, sealing, seal } = await createSealing(configuration, sealers, made, logger);
  const erasing = { keys, caseKeys, clock, pool, log, trust, graceMs: replacements.erasureGraceMs };
  const erasure = createErasure(definition, { ...erasing, deadlineStore: () => keeping.store });
  const nodeWide = withErasure(withCaseKeys(withAgencyKeys(withChannel(definition)), caseKeys), erasure, keys.keyStore);
  const parts = { pool, log, clock, ids, hybridClock, sealing, observability, trust };
  const relaying = createRelaying(
    configuration,
    {
      ...parts,
      onCompared: allAfterComparing(definition, configuration, caseKeys, { agencyId, pool, clock, ids, made }, logger),
    },
    logger,
  );
  const { alarm, deadlineLookIntervalMs: lookIntervalMs } = replacements;
  const timing = { pool, clock, ids, metrics, alarm, lookIntervalMs };
  const keeping = keepDeadlines(nodeWide, configuration, timing, logger);
  const store = new PostgresEventStore({
    ...{ pool, observer, clock, hybridClock, ids },
    seal,
    sealing: keys.texts,
    chainsSince: () => relaying.recovery.chainsSince(),
    ...{ procedures: nodeWide.procedures, onCommitted: () => relaying.relay.wake() },
    inlineProjections: [...nodeWide.inlineProjections, ...keeping.projections],
  });
  const watching = { gate: relaying.recovery, raiseAlarm: alarms(metrics, logger) };
  const context = contextFor(configuration, definition, { pool, clock, trust, caseKeys, made, store, ...watching });
  const onEffect = (): void => {
    relaying.relay.wake();
    keys.texts.confirmSoon();
  };
  Object.assign(made, { context, store, onEffect });
  const receiving = createReceiving(nodeWide, configuration, { ...parts, context, onEffect, caseKeys }, logger);
  const turns = { ...timing, onEffect, mayAct: () => relaying.isRelaying() };
  const deadlines = createDeadlines(keeping, context, turns, logger);
  const replies = createReplyRetention(configuration, { store, clock }, logger);
  return {
    ...{ configuration, definition, context, clock, ids, pool, store, log, observability, replies, trust, keys },
    ...{ caseKeys, erasure, sealing, deadlines, deadlineStore: keeping.store },
    ...relaying,
    ...receiving,
    tokens: new TokenVerifier(configuration.oidc, replacements.tokenKeys),
    stop: () => stopAll({ receiving, caseKeys, replies, deadlines, store, relaying, close, observability }),
  };
}

/** What follows from a comparison, one after the other. */
function allAfterComparing(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  caseKeys: NodeCaseKeys | null,
  parts: AfterComparingParts,
  logger: LoggerService,
): ReturnType<typeof afterComparing> {
  const keys = afterComparing(caseKeys, parts);
  const address = announceAddress(definition, configuration, parts, logger);
  return async (recovery) => {
    await keys(recovery);
    await address();
  };
}

interface ContextParts extends Pick<NodeRuntime, 'pool' | 'clock' | 'trust' | 'caseKeys'> {
  readonly made: Made;
  readonly store: PostgresEventStore;
  readonly gate: CommandGate & Pick<NodeRelaying['recovery'], 'awaitsAttestation'>;
  readonly raiseAlarm: (alarm: SafeguardAlarm) => void;
}

/** Counts and logs what operators must hear of at once. */
function alarms(metrics: Observability['metrics'], logger: LoggerService): ContextParts['raiseAlarm'] {
  return (alarm) => {
    metrics.countAlarm(alarm);
    logger.error({ msg: 'safeguard alarm', alarm });
  };
}

/** What the node's routes, policies and deadlines work with. */
function contextFor(
  { agencyId, agency }: NodeConfiguration,
  { ownCases }: NodeDefinition,
  parts: ContextParts,
): NodeContext {
  const { pool, clock, trust, caseKeys, made, store, gate, raiseAlarm } = parts;
  const node: Omit<NodeContext, 'handler'> = {
    agencyId,
    jurisdiction: agency.jurisdiction,
    clock,
    raiseAlarm,
    members: () => trust.agencies(),
    awaitsAttestation: () => gate.awaitsAttestation(),
    ...(ownCases && { ownCases }),
    ...(caseKeys === null ? {} : { circles: caseKeys.circles, peers: caseKeys.peers }),
  };
  const handler = createProcedureHandler(store, gate, preparationOf(caseKeys, clock, made));
  const onCommitted = (): void => made.onEffect?.();
  const transact: CircleKeepingOptions['transact'] = (work) => inTransaction(pool, work);
  return { ...node, handler: keepCircles(caseKeys, { handler, node, store, transact, onCommitted }) };
}

/** What goes before the appends of a case; nothing where the node seals with the key of the network. */
function preparationOf(caseKeys: NodeCaseKeys | null, clock: Clock, made: Made): AppendPreparation | undefined {
  if (caseKeys === null) return undefined;
  const load: ProcedureHandler['load'] = (...asked) => contextOf(made).handler.load(...asked);
  return new ConsentTelling({ first: caseKeys.opening, load, now: () => clock.now() });
}

/** With what every node has. */
function withAgencyKeys(definition: NodeDefinition): NodeDefinition {
  return { ...definition, procedures: [...definition.procedures, agencyKeysProcedure] };
}

/** What a node has running, in the order in which it is stopped. */
interface Running
  extends Pick<NodeRuntime, 'replies' | 'deadlines' | 'observability' | 'caseKeys'>, Pick<Connections, 'close'> {
  readonly receiving: Pick<NodeReceiving, 'staleness' | 'unlocks'>;
  readonly store: Pick<PostgresEventStore, 'drain'>;
  readonly relaying: Pick<NodeRelaying, 'relay'>;
}

async function stopAll({
  receiving,
  caseKeys,
  replies,
  deadlines,
  store,
  relaying,
  close,
  observability,
}: Running): Promise<void> {
  await receiving.staleness.stop();
  await receiving.unlocks.stop();
  await caseKeys?.membership.alignment?.stop();
  await replies?.stop();
  await deadlines?.stop();
  await store.drain();
  await relaying.relay.stop();
  await close();
  await observability.shutdown();
}
