import type { Clock } from '@acogida/core';
import {
  CatchUp,
  type EventLog,
  Inbox,
  type InboxAlarm,
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
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import type { Observability } from '../observability/observability.ts';
import { contractReader } from './contract-reader.ts';
import { trustOf } from './trust.ts';

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
  const { pool, log, clock, hybridClock, sealer, observability, context, onEffect } = parts;
  const { agencyId, heartbeatIntervalMs } = configuration;
  const projections = definition.contractProjections;
  const trust = trustOf(configuration.network);
  const sources = [...trust.keys()].filter((source) => source !== agencyId);
  const onAlarm = (alarm: InboxAlarm): void => {
    observability.metrics.countAlarm(alarm);
    logger.error({ msg: 'inbox alarm', alarm });
  };
  const inbox = new Inbox({
    ...{ agencyId, pool, sealer, clock, hybridClock, trust, projections, onAlarm, onEffect },
    observer: observability.observer,
    reader: contractReader,
    policies: definition.policies(context),
  });
  return {
    inbox,
    catchUp: new CatchUp({ pool, log, inbox }),
    quarantine: new Quarantine(pool, inbox),
    staleness: new StalenessWatch({ pool, clock, sources, heartbeatIntervalMs, onAlarm }),
    rebuildProjections: () => rebuildContractProjections({ pool, log, sealer, reader: contractReader, projections }),
  };
}
