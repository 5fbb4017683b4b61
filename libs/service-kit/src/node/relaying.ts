import type { Clock, Ids } from '@acogida/core';
import {
  endsRelay,
  type EventLog,
  type InboxSealing,
  PostgresRelayStore,
  RecoveryGate,
  Relay,
} from '@acogida/event-log';
import type { HybridClockSource } from '@acogida/event-store';
import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { describeError } from '../logging/describe-error.ts';
import type { Observability } from '../observability/observability.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { signersOf } from '../trust/signing-keys.ts';
import { mayChangeTrust } from '../trust/trust-events.ts';

/** The relay of a node and what depends on how it stands to its own topic. */
export interface NodeRelaying {
  readonly relay: Relay;
  /** What waits for an officer after a restore (architecture.md §3, point 6): commands on some streams, and every clearance. */
  readonly recovery: RecoveryGate;
  /** The own topic was compared with this database once: what is decided from now on is decided on the latest state. */
  hasCompared(): boolean;
  /**
   * False until the own topic was first compared with this database, while a restored copy takes its own events back in, and
   * once the relay gave up: another process of this agency took over, or topic and database contradict each other. A log
   * that goes away later changes nothing.
   */
  isRelaying(): boolean;
  /** Has this done after each comparison, before anything is accepted; what fails is tried again with the next comparison. */
  afterComparing(work: () => Promise<void>): void;
  /** Starts the relay; resolves after its first comparison, or its first failure: the relay then goes on trying. */
  startRelay(): Promise<void>;
}

/** What relaying is made of. */
export interface RelayingParts {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hybridClock: HybridClockSource;
  readonly sealing: InboxSealing;
  readonly observability: Observability;
  readonly trust: LiveTrust;
  /** The own topic was compared with this database, before any command is taken; what awaits an officer is known. */
  readonly onCompared?: ((recovery: RecoveryGate) => Promise<void>) | undefined;
}

/** Makes the relay of a node; nothing runs yet. */
export function createRelaying(
  configuration: NodeConfiguration,
  parts: RelayingParts,
  logger: LoggerService,
): NodeRelaying {
  const { pool, log, clock, ids, hybridClock, sealing, observability, trust } = parts;
  const { agencyId } = configuration;
  const recovery = new RecoveryGate(pool);
  const following: (() => Promise<void>)[] = [];
  let [hasCompared, gaveUp] = [false, false];
  const { promise: firstOutcome, resolve: settle } = Promise.withResolvers<void>();
  const relay = new Relay({
    ...{ agencyId, log, clock },
    store: new PostgresRelayStore(pool),
    heartbeatIntervalMs: configuration.heartbeatIntervalMs,
    observer: observability.observer,
    signer: signersOf(agencyId, trust, configuration.signingKeys),
    turningPoints: {
      isOne: (event) => event.class === 'directory' && mayChangeTrust(event.data),
      onSequenced: () => trust.takeOwn(),
      onFound: (event) => trust.foresee(event),
    },
    recovery: {
      ...{ pool, sealing, hybridClock, ids },
      ownKeys: () => trust.get(agencyId),
      onStarted: () => {
        hasCompared = false; // until what follows from the recovery is done as well
        recovery.begin();
        logger.warn({ msg: 'the own topic is ahead of this database: taking its events back in' });
      },
    },
    onTailCompared: async () => {
      await recovery.load();
      await parts.onCompared?.(recovery);
      for (const work of following) await work();
      hasCompared = true;
      settle();
    },
    onError: (error) => {
      settle();
      gaveUp ||= endsRelay(error);
      const msg = gaveUp ? 'the relay gave up' : 'the relay failed and tries again';
      const failure = describeError(error);
      observability.metrics.countRelayFailure(failure.name);
      logger.error({ msg, failure });
    },
  });
  return {
    relay,
    recovery,
    hasCompared: () => hasCompared && !recovery.isRecovering(),
    isRelaying: () => hasCompared && !gaveUp && !recovery.isRecovering(),
    afterComparing: (work) => void following.push(work),
    startRelay: async () => {
      await recovery.look(); // a log that is away leaves what it said before
      await relay.start();
      await firstOutcome;
    },
  };
}
