import { randomUUID } from 'node:crypto';
import {
  eventLogMigrations,
  type PositionedRecord,
  readingOf,
  rebuildContractProjections,
  topicOf,
} from '@acogida/event-log';
import { eventStoreMigrations } from '@acogida/event-store';
import { contractReader } from '@acogida/service-kit';
import { timelineNode, timelineProjection } from '@acogida/timeline';
import pg from 'pg';
import { migrate } from '../environment/databases.ts';
import type { Peer } from '../process/peer.ts';
import { CASE_FACTS } from './case-facts.ts';
import type { BenchAgency } from './bench-agency.ts';
import { openerOf, type SealingKind } from './bench-sealing.ts';
import { openReader, openSource, type ReaderNode } from './node-parts.ts';

/** Cases that are appended at the same time. */
const IN_FLIGHT = 256;

interface Options {
  readonly sourceUrl: string;
  readonly readerUrl: string;
  readonly brokers: readonly string[];
  readonly agency: BenchAgency;
  readonly sealing: SealingKind;
}

/** Appends, seals, numbers, signs and publishes as a node does. */
async function publishEvents({ sourceUrl, brokers, agency, sealing }: Options, events: number): Promise<void> {
  const source = await openSource(sourceUrl, brokers, agency, sealing);
  try {
    await source.relay.start();
    for (let left = events / CASE_FACTS.length; left > 0; left -= IN_FLIGHT) {
      const cases = Array.from({ length: Math.min(left, IN_FLIGHT) }, () => randomUUID());
      await Promise.all(cases.map((caseId) => source.publish(caseId, CASE_FACTS)));
    }
    await source.relay.stop();
    await source.relay.takeOver();
    await source.relay.sequence();
    await source.relay.publish();
  } finally {
    await source.close();
  }
}

async function receiveAll({ log, inbox }: ReaderNode, agency: BenchAgency): Promise<void> {
  const topic = topicOf(agency.agencyId);
  for await (const page of log.read(topic, 0n)) await inbox.receive(topic, page);
}

/** Rebuilds the timeline; seconds from the first page of records to the swap, like the raw peer. */
async function rebuild({ pool, log }: ReaderNode, sealing: SealingKind): Promise<{ events: number; seconds: number }> {
  let startedMs: number | undefined;
  const timed = async function* (pages: AsyncIterable<readonly PositionedRecord[]>) {
    for await (const page of pages) {
      startedMs ??= performance.now();
      yield page;
    }
  };
  const { events } = await rebuildContractProjections({
    ...{ pool, sealing: readingOf(openerOf(sealing)), reader: contractReader, projections: [timelineProjection] },
    log: { read: (topic, from) => timed(log.read(topic, from)) },
  });
  const endedMs = performance.now();
  return { events, seconds: (endedMs - (startedMs ?? endedMs)) / 1000 };
}

/** A timeline node whose read model is thrown away and built again from the log. */
export async function open(options: Options): Promise<Peer> {
  await migrate(options.readerUrl, [...eventStoreMigrations, ...eventLogMigrations, ...timelineNode.migrations]);
  const pool = new pg.Pool({ connectionString: options.readerUrl, max: 10 });
  const { sealing } = options;
  const parts = { sealing, projections: [timelineProjection] };
  const reader = await openReader(pool, options.brokers, options.agency, parts);
  return {
    operations: {
      prepare: async (events: number) => {
        await publishEvents(options, events);
        await receiveAll(reader, options.agency);
      },
      rebuild: () => rebuild(reader, sealing),
    },
    close: () => reader.close(),
  };
}
