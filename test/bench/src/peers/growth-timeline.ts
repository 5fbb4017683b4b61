import { randomUUID } from 'node:crypto';
import { MemoryEventLog, type ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { timelineNode, timelineProjection } from '@acogida/timeline';
import type pg from 'pg';
import { onDatabase } from '../environment/databases.ts';
import { multiplyRows, type MultipliedTable, otherUuid } from '../environment/multiply-rows.ts';
import { bootBenchNode } from './bench-node.ts';
import { CASE_FACTS } from './case-facts.ts';
import { closedLoop, type LoopCount, type LoopPlan } from './closed-loop.ts';
import { EVENTS_PER_STREAM, SEED_EVENTS } from './growth-store.ts';

const SOURCE = 'cr-border-intake';
const RECORDED_AT = '2026-11-21T09:00:00.000Z';

const TABLES: readonly MultipliedTable[] = [
  {
    table: 'timeline_event',
    distinct: {
      ...{ event_id: otherUuid('t.event_id'), case_id: otherUuid('t.case_id') },
      ...{ subject: 'md5(t.subject || k)', stream: `'sample-' || ${otherUuid('t.case_id')}` },
      number: `t.number + k * ${SEED_EVENTS}`,
    },
  },
  { table: 'timeline_case', distinct: { case_id: otherUuid('t.case_id') } },
];

/** A timeline of many events, asked for the timeline of any of its cases. */
export interface GrownTimeline {
  ask(plan: LoopPlan): Promise<LoopCount>;
  close(): Promise<void>;
}

function eventsOfCase(place: number): readonly ReceivedEvent[] {
  const caseId = randomUUID();
  const [subject, correlationId] = [randomUUID().replaceAll('-', ''), randomUUID()];
  return Array.from({ length: EVENTS_PER_STREAM }, (_, index): ReceivedEvent => {
    const fact = CASE_FACTS[index % CASE_FACTS.length];
    const number = place * EVENTS_PER_STREAM + index + 1;
    const clock = `${String(1_795_251_600_000 + number).padStart(13, '0')}-000000`;
    return {
      ...{ id: randomUUID(), source: SOURCE, class: 'case', subject, number, time: RECORDED_AT, clockAhead: false },
      payload: {
        ...{ type: fact?.type ?? '', schemaVersion: 1, caseId, data: fact?.data ?? {}, occurredAt: RECORDED_AT },
        ...{ recordedAt: RECORDED_AT, stream: `sample-${caseId}`, version: index + 1, correlationId, clock },
        ...{ publishedHead: '0'.repeat(64), privateHead: '0'.repeat(64), causation: null },
      },
    };
  });
}

async function seed(pool: pg.Pool): Promise<void> {
  const cases = SEED_EVENTS / EVENTS_PER_STREAM;
  for (let first = 0; first < cases; first += 100) {
    const opened = Array.from({ length: 100 }, (_, index) => eventsOfCase(first + index)).flat();
    await inTransaction(pool, (transaction) => timelineProjection.apply({ opened, sealed: [] }, transaction));
  }
}

/** Boots a timeline node whose read model holds `events` events: 10,000 projected, the others copied row by row. */
export async function openGrownTimeline(databaseUrl: string, events: number): Promise<GrownTimeline> {
  const log = new MemoryEventLog();
  const { node, network, agencyId } = await bootBenchNode(timelineNode, { databaseUrl, brokers: null }, { log });
  const token = await network.token({ agency: agencyId, roles: ['auditor'] });
  await seed(node.runtime.pool);
  const caseIds = await onDatabase(databaseUrl, async (client) => {
    await multiplyRows(client, TABLES, events / SEED_EVENTS - 1);
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<{ case_id: string }>('SELECT case_id FROM timeline_case');
    return rows.map((row) => row.case_id);
  });
  const askOnce = async (): Promise<void> => {
    const caseId = caseIds[Math.floor(Math.random() * caseIds.length)] ?? '';
    const reply = await node.app.inject({
      url: `/v1/cases/${caseId}/timeline`,
      headers: { authorization: `Bearer ${token}` },
    });
    if (reply.statusCode !== 200) throw new Error(`a timeline was answered ${reply.statusCode}`);
  };
  return {
    ask: (plan) => closedLoop(plan, askOnce),
    close: async () => {
      await node.stop();
      await log.close();
    },
  };
}
