import type { Clock } from '@acogida/core';
import type { Pool } from 'pg';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import type { DeadlineStore } from '../deadlines/port.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import type { NodeState } from './node-state.ts';
import type { Observability } from './observability.ts';
import { readStoredState } from './read-state.ts';

/** What of a running node metrics are taken from. */
export interface MeasuredNode {
  readonly configuration: NodeConfiguration;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly observability: Observability;
  readonly deadlineStore: Pick<DeadlineStore, 'counts'>;
  readonly trust: Pick<LiveTrust, 'others'>;
  isRelaying(): boolean;
}

/** How the state of a running node is read at a scrape. */
export function stateOf(node: MeasuredNode): NodeState {
  const { configuration, pool, clock, deadlineStore, trust } = node;
  const { heartbeatIntervalMs } = configuration;
  return {
    readStored: () => readStoredState({ pool, clock, sources: trust.others(), heartbeatIntervalMs, deadlineStore }),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    isRelaying: () => node.isRelaying(),
  };
}

/**
 * Serves the metrics of a node where its configuration says so; null where it says nothing.
 *
 * @throws what listening throws
 */
export async function serveNodeMetrics(node: MeasuredNode): Promise<MetricsServer | null> {
  const { metrics: address } = node.configuration;
  if (address === undefined) return null;
  const { metrics } = node.observability;
  metrics.observeProcess();
  const state = stateOf(node);
  return serveMetrics(address, { contentType: metrics.registry.contentType, text: () => metrics.text(state) });
}
