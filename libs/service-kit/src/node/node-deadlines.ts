import type { Clock, Ids } from '@acogida/core';
import type { InlineProjection } from '@acogida/event-store';
import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { computeDeadlines } from '../deadlines/compute-deadlines.ts';
import { deadlineProjection } from '../deadlines/deadline-projection.ts';
import { Deadlines } from '../deadlines/deadlines.ts';
import { GraphileAlarmClock } from '../deadlines/graphile-alarm-clock.ts';
import type { AlarmClock, DeadlineStore } from '../deadlines/port.ts';
import { PostgresDeadlineStore } from '../deadlines/postgres-deadline-store.ts';
import { RuleCatalogue } from '../deadlines/rule-catalogue.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import type { NodeMetrics } from '../observability/metrics.ts';

/** What keeping and following deadlines is made of. */
export interface DeadlineParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly metrics: NodeMetrics;
  /** Instead of jobs in the node's database. */
  readonly alarm?: AlarmClock | undefined;
  /** How often it is looked without being woken, in milliseconds. */
  readonly lookIntervalMs?: number | undefined;
}

/** Where the open deadlines of a node are kept, before there is anybody who acts on them. */
export interface DeadlineKeeping {
  readonly catalogue: RuleCatalogue;
  readonly store: DeadlineStore;
  readonly alarm: AlarmClock;
  /** For the event store: keeps them in every append. None where no rule is. */
  readonly projections: readonly InlineProjection[];
}

/** Makes what keeps the deadlines of a definition; nothing runs yet. @throws RangeError rules that do not fit the procedures */
export function keepDeadlines(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  parts: DeadlineParts,
  logger: LoggerService,
): DeadlineKeeping {
  const { pool, clock } = parts;
  const catalogue = new RuleCatalogue(definition.deadlines ?? [], definition.procedures);
  const onError = (error: unknown): void => {
    logger.warn({ msg: 'the alarm clock of the deadlines failed and tries again', failure: describeError(error) });
  };
  const { databaseUrl } = configuration;
  const alarm = parts.alarm ?? new GraphileAlarmClock({ pool, databaseUrl, clock, onError });
  const store = new PostgresDeadlineStore(pool);
  const projections = catalogue.rules.length === 0 ? [] : [deadlineProjection({ catalogue, store, alarm })];
  return { catalogue, store, alarm, projections };
}

/** What acts on the deadlines of a node; undefined where its definition has none. Nothing runs yet. */
export function createDeadlines(
  keeping: DeadlineKeeping,
  node: NodeContext,
  parts: DeadlineParts & { readonly mayAct: () => boolean; readonly onEffect: () => void },
  logger: LoggerService,
): Deadlines | undefined {
  const { catalogue, store, alarm } = keeping;
  const { pool, clock, ids, metrics, mayAct, onEffect, lookIntervalMs } = parts;
  if (catalogue.rules.length === 0) return undefined;
  const onCorrupted = (error: unknown): void => {
    logger.error({ msg: 'the deadlines of a stream could not be computed', failure: describeError(error) });
  };
  return new Deadlines({
    ...{ catalogue, store, alarm, node, clock, ids, mayAct, onEffect },
    ...(lookIntervalMs === undefined ? {} : { lookIntervalMs }),
    prepare: (signal) => computeDeadlines({ pool, store, catalogue, handler: node.handler, onCorrupted, signal }),
    observer: {
      onHandled: (kind) => metrics.countDeadline(kind, 'handled'),
      onFailed: (kind, error) => {
        metrics.countDeadline(kind, 'failed');
        logger.error({
          msg: 'a deadline could not be handled and is tried again',
          kind,
          failure: describeError(error),
        });
      },
    },
    onError: (error) => {
      logger.warn({ msg: 'the deadlines could not be looked at', failure: describeError(error) });
    },
  });
}
