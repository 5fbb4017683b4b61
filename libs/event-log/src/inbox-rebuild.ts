import { inTransaction, type Transaction } from '@acogida/event-store';
import type { Pool } from 'pg';
import { ReplaySource, type ReplayOptions } from './inbox-replay.ts';
import type { ContractProjection, ContractReplay, ReplayPage } from './port.ts';

/** What a rebuild needs. */
export interface RebuildOptions extends ReplayOptions {
  /** The node's own database: what the inbox received there is what is replayed. */
  readonly pool: Pool;
  readonly projections: readonly ContractProjection[];
}

/** What a rebuild went through. */
export interface RebuildReport {
  readonly events: number;
  readonly opened: number;
  /** Shown by their class only. */
  readonly sealed: number;
  /** Agencies whose events were replayed. */
  readonly sources: number;
}

/**
 * Builds the read models over other agencies' events anew from the shared log (architecture.md §8), in one transaction:
 * readers keep the present rows until it commits, and the inbox waits meanwhile, so that it goes on exactly where the replay
 * ended. Only events that took effect here are replayed, by their bytes: each must hash to the leaf that was verified when it
 * was received. Policies are not run. Takes one connection of the pool, and briefly a second.
 *
 * @throws LogShortError the log lacks an event that was received
 */
export async function rebuildContractProjections(options: RebuildOptions): Promise<RebuildReport> {
  return inTransaction(options.pool, async (transaction) => {
    await transaction.query('SET LOCAL statement_timeout = 0; LOCK TABLE inbox.source_cursor IN EXCLUSIVE MODE');
    const replays: ContractReplay[] = [];
    for (const projection of options.projections) replays.push(await beginReplay(projection, transaction));
    const { rows } = await transaction.query<{ source: string; lastNumber: number }>(
      `SELECT source, last_number AS "lastNumber" FROM inbox.source_cursor WHERE last_number > 0 ORDER BY source`,
    );
    const report = { opened: 0, sealed: 0 };
    const sources = rows.map(({ source, lastNumber }) => new ReplaySource(source, lastNumber, options));
    let adding = Promise.resolve();
    for await (const page of alternating(sources)) {
      report.opened += page.opened.length;
      report.sealed += page.sealed.length;
      await adding;
      adding = addToAll(replays, page);
      adding.catch(() => {}); // thrown where it is awaited
    }
    await adding;
    for (const replay of replays) await replay.finish();
    return { ...report, events: report.opened + report.sealed, sources: sources.length };
  });
}

async function addToAll(replays: readonly ContractReplay[], page: ReplayPage): Promise<void> {
  for (const replay of replays) await replay.add(page);
}

async function beginReplay(projection: ContractProjection, transaction: Transaction): Promise<ContractReplay> {
  if (projection.replay !== undefined) return projection.replay(transaction);
  await projection.reset(transaction);
  return { add: (page) => projection.apply(page, transaction), finish: async () => {} };
}

/** The pages of all sources, always the one that begins earliest next: what agencies did on one case comes close together. */
async function* alternating(sources: readonly ReplaySource[]): AsyncIterable<ReplayPage> {
  const waiting = new Map<ReplaySource, { readonly page: ReplayPage; readonly time: string }>();
  const advance = async (source: ReplaySource): Promise<void> => {
    const next = await source.next();
    if (next === null) waiting.delete(source);
    else waiting.set(source, next);
  };
  try {
    await Promise.all(sources.map(advance));
    while (waiting.size > 0) {
      const [source, { page }] = [...waiting].reduce((earliest, one) =>
        one[1].time < earliest[1].time ? one : earliest,
      );
      yield page;
      await advance(source);
    }
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}
