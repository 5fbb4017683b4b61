import { describe, expect, it } from '@jest/globals';
import { NodeMetrics } from './metrics.ts';
import type { NodeState, StoredState } from './node-state.ts';

const STORED: StoredState = {
  ...{ incarnation: 2, term: 3, lastNumber: 20, publishedNumber: 15, unnumbered: 4, unattestedRestores: 1 },
  deadlines: { open: 9, overdue: 2, failing: 1, oldestOverdueSeconds: 90.5 },
  sources: [
    {
      ...{ source: 'mx-comar', status: 'stopped', lastNumber: 7, headNumber: 9, silenceSeconds: 12.5, isStale: false },
      kept: { parked: 1, quarantined: 2, held: 3, unknown: 4 },
      ...{ unverifiable: 5, oldestParkedSeconds: 60 },
    },
  ],
};

function stateOf(readStored: NodeState['readStored']): NodeState {
  return { readStored, pool: () => ({ total: 5, idle: 2, waiting: 1 }), isRelaying: () => false };
}

function metricsOf(): NodeMetrics {
  return new NodeMetrics({ agencyId: 'cr-border-intake', kind: 'intake' });
}

describe('the state in the metrics', () => {
  it('is what the database says', async () => {
    const text = await metricsOf().text(stateOf(async () => STORED));
    const node = 'agency="cr-border-intake",kind="intake"';
    for (const line of [
      `acogida_outbox_unnumbered_events{${node}} 4`,
      `acogida_outbox_unpublished_events{${node}} 5`,
      `acogida_relay_incarnation{${node}} 2`,
      `acogida_relay_unattested_restores{${node}} 1`,
      `acogida_inbox_lag_events{source="mx-comar",${node}} 2`,
      `acogida_inbox_silence_seconds{source="mx-comar",${node}} 12.5`,
      `acogida_inbox_source_status{source="mx-comar",status="stopped",${node}} 1`,
      `acogida_inbox_source_status{source="mx-comar",status="flowing",${node}} 0`,
      `acogida_inbox_kept_events{source="mx-comar",state="held",${node}} 3`,
      `acogida_inbox_oldest_parked_seconds{source="mx-comar",${node}} 60`,
      `acogida_inbox_unverifiable_records{source="mx-comar",${node}} 5`,
      `acogida_deadlines_open{${node}} 9`,
      `acogida_deadlines_overdue{${node}} 2`,
      `acogida_deadlines_failing{${node}} 1`,
      `acogida_deadlines_oldest_overdue_seconds{${node}} 90.5`,
      `acogida_pool_connections{state="used",${node}} 3`,
      `acogida_pool_waiting_requests{${node}} 1`,
      `acogida_relaying{${node}} 0`,
      `acogida_collect_failed{${node}} 0`,
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it.each([
    ['fails', () => Promise.reject(new Error('canary María Pérez'))],
    ['does not answer', () => new Promise<StoredState>(() => {})],
  ])('is absent, and said to be so, when the database %s', async (_, readStored) => {
    const metrics = metricsOf();
    metrics.countRequest('GET', '/v1/cases', 200, 3);
    const text = await metrics.text(stateOf(readStored));
    expect(text).toMatch(/^acogida_collect_failed\{.*\} 1$/m);
    expect(text).toMatch(/^acogida_http_request_duration_seconds_count\{.*status="2xx".*\} 1$/m);
    expect(text).toMatch(/^acogida_pool_waiting_requests\{.*\} 1$/m);
    expect(text).not.toMatch(/^acogida_inbox_lag_events\{/m);
    expect(text).not.toMatch(/^acogida_outbox_unnumbered_events\{/m);
    expect(text).not.toMatch(/^acogida_deadlines_open\{/m);
    expect(text).not.toContain('canary');
  });

  it('is asked for once, however many scrape at the same time', async () => {
    let asked = 0;
    const metrics = metricsOf();
    const state = stateOf(async () => {
      asked += 1;
      return STORED;
    });
    const texts = await Promise.all([metrics.text(state), metrics.text(state), metrics.text(state)]);
    expect(asked).toBe(1);
    for (const text of texts) expect(text).toMatch(/^acogida_relay_term\{.*\} 3$/m);
  });

  it('comes back with the database', async () => {
    let isAway = true;
    const metrics = metricsOf();
    const state = stateOf(async () => {
      if (isAway) throw new Error('away');
      return STORED;
    });
    expect(await metrics.text(state)).toMatch(/^acogida_collect_failed\{.*\} 1$/m);
    isAway = false;
    expect(await metrics.text(state)).toMatch(/^acogida_relay_term\{.*\} 3$/m);
  });
});
