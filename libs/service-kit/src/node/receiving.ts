import type { Clock } from '@acogida/core';
import {
  CatchUp,
  type EventLog,
  Inbox,
  type InboxAlarm,
  PostgresInboxStore,
  Quarantine,
  rebuildContractProjections,
  type RebuildReport,
  StalenessWatch,
} from '@acogida/event-log';
import type { HybridClockSource } from '@acogida/event-store';
import type { Sealer } from '@acogida/sealing';
import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { directoryViewProjection } from '../directory-view/directory-view-projection.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import type { Observability } from '../observability/observability.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { followingTrust, trustProjection } from '../trust/trust-projection.ts';
import { WaitingRotations } from '../trust/waiting-rotations.ts';
import { contractReader } from './contract-reader.ts';

/** What a node makes of other agencies' events. */
export interface NodeReceiving {
  readonly inbox: Inbox;
  /** Hands what the log delivers to the inbox, and fetches what is missing before it. */
  readonly catchUp: CatchUp;
  readonly quarantine: Quarantine;
  /** Looks out for agencies that fell silent; runs from `start` on. */
  readonly staleness: StalenessWatch;
  /** Builds the read models over other agencies' events anew from the log. */
  rebuildProjections(): Promise<RebuildReport>;
}

/** What receiving is made of. */
export interface ReceivingParts {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly hybridClock: HybridClockSource;
  readonly sealer: Sealer;
  readonly observability: Observability;
  readonly context: NodeContext;
  readonly trust: LiveTrust;
  /** Events took effect: policies may have appended. */
  readonly onEffect: () => void;
}

/** Makes inbox, quarantine and watch of a node; nothing runs yet. */
export function createReceiving(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  parts: ReceivingParts,
  logger: LoggerService,
): NodeReceiving {
  const { pool, log, clock, hybridClock, sealer, observability, context, onEffect, trust } = parts;
  const { agencyId, heartbeatIntervalMs } = configuration;
  const projections = [directoryViewProjection, ...definition.contractProjections];
  const onAlarm = (alarm: InboxAlarm): void => {
    observability.metrics.countAlarm(alarm);
    logger.error({ msg: 'inbox alarm', alarm });
  };
  const store = new PostgresInboxStore(pool);
  const inbox = new Inbox({
    ...{ agencyId, store, sealer, clock, hybridClock, trust, onAlarm },
    onEffect: () => {
      onEffect();
      void trust.catchUp().catch(() => {}); // the next statement, or a start, reads it all the same
    },
    projections: [trustProjection(trust), ...projections],
    observer: observability.observer,
    reader: contractReader,
    policies: definition.policies(context),
  });
  const quarantine = new Quarantine(pool, inbox);
  const waiting = new WaitingRotations({ database: pool, quarantine, trust });
  return {
    inbox,
    catchUp: new CatchUp({ store, log, inbox: followingTrust(inbox, trust, waiting) }),
    quarantine,
    staleness: new StalenessWatch({ pool, clock, sources: () => trust.others(), heartbeatIntervalMs, onAlarm }),
    rebuildProjections: () => rebuildContractProjections({ pool, log, sealer, reader: contractReader, projections }),
  };
}
