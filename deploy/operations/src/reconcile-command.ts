import { parseArgs } from 'node:util';
import { ApiClient } from './api-client.ts';
import { EXIT, numberOption, type Output, table, UsageError } from './command-line.ts';
import { countsOf, isUnchanged, type NodeCounts, reconcile, type Reconciliation } from './reconciliation.ts';
import { pause } from './retrying.ts';
import { readRunFile, resolveDataDir, type RunFile } from './run-file.ts';
import { IssuerTokens } from './tokens.ts';

const HELP = `Usage: npm run reconcile -- [options]

Proves that nothing was lost: asks every node what it committed, numbered, published, received and applied, waits until the
counts settle, and compares.

  --data-dir DIR   data directory of the running platform (default .acogida)
  --wait S         longest wait for the counts to settle, in seconds (default 60)
  --json           last line of standard output: the result as JSON
  --help           this text

Exit code: 0 all equal and nothing lost, 1 unequal, 2 usage, 3 platform not reachable.`;

/** Between two readings, in milliseconds. */
const READING_INTERVAL_MS = 250;
/** Shortest standstill of unequal counts that is taken for their end, in milliseconds. */
const SHORTEST_STANDSTILL_MS = 10_000;

/**
 * How long unequal counts have to stand still to be taken for final, in milliseconds: a third of what the caller would wait at most.
 * A reader of Kafka that lost its place in its group gets it back after half a minute.
 */
function standstillOf(waitMs: number): number {
  return Math.max(SHORTEST_STANDSTILL_MS, waitMs / 3);
}

/** Reads the counts of every node. @throws UnreachableError, RefusedError */
export async function readCounts(run: RunFile, client: Pick<ApiClient, 'call'>): Promise<readonly NodeCounts[]> {
  return Promise.all(
    run.nodes.map(async ({ agencyId }) => {
      const { body } = await client.call<{ relay: NodeCounts['own']; inbox: NodeCounts['sources'] }>({
        agency: agencyId,
        role: 'operator',
        method: 'GET',
        path: '/v1/operations/counts',
      });
      return { agency: agencyId, own: body.relay, sources: body.inbox };
    }),
  );
}

/**
 * Reads until two readings in a row are the same and equal, or nothing has moved for a while, or the time is up; gives back
 * the last reading.
 */
export async function settledCounts(
  read: () => Promise<readonly NodeCounts[]>,
  waitMs: number,
  standstillMs = standstillOf(waitMs),
  intervalMs = READING_INTERVAL_MS,
): Promise<readonly NodeCounts[]> {
  const startedMs = performance.now();
  let movedMs = startedMs;
  let last = await read();
  while (performance.now() - startedMs < waitMs) {
    await pause(intervalMs);
    const now = await read();
    const unchanged = isUnchanged(last, now);
    last = now;
    if (!unchanged) movedMs = performance.now();
    else if (reconcile(now).equal || performance.now() - movedMs > standstillMs) break;
  }
  return last;
}

function printTable(counts: readonly NodeCounts[], result: Reconciliation, output: Output): void {
  const rows = result.agencies.flatMap(({ agency, committed, sequenced, published, nodes }) =>
    nodes.map(({ node }) => {
      const at = countsOf(
        counts.find((one) => one.agency === node) ?? { agency: node, own: nothing, sources: [] },
        agency,
      );
      const waiting = at.parked + at.held;
      const state = at.status === 'flowing' && at.contiguous ? 'ok' : at.contiguous ? at.status : 'gap';
      return [
        agency,
        committed,
        sequenced,
        published,
        node,
        at.received,
        at.applied,
        at.sealed,
        waiting,
        at.quarantined,
        at.unknown,
        state,
      ];
    }),
  );
  const header =
    'agency,committed,numbered,published,at node,received,applied,sealed,waiting,quarantined,unknown,state';
  output.out(table(header.split(','), rows));
  output.out('');
  const { lost, duplicates, outOfOrder, quarantined, equal } = result;
  output.out(
    `lost ${lost}, duplicates in effect ${duplicates}, out of order ${outOfOrder}, quarantined ${quarantined}`,
  );
  output.out(
    equal ? 'EQUAL: everything committed was applied, or is sealed, everywhere, once and in order' : 'NOT EQUAL',
  );
}

const nothing = { committed: 0, sequenced: 0, published: 0 };

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'data-dir': { type: 'string' },
        wait: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `npm run reconcile`; resolves to the exit code. */
export async function runReconcile(args: readonly string[], output: Output): Promise<number> {
  const options = parse(args);
  if (options.help === true) {
    output.out(HELP);
    return EXIT.ok;
  }
  const waitMs = numberOption('wait', options.wait, 60, 0, 3_600) * 1_000;
  const run = await readRunFile(resolveDataDir(options['data-dir']));
  const client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: Math.max(waitMs, 1_000) });
  const counts = await settledCounts(() => readCounts(run, client), waitMs);
  const result = reconcile(counts);
  printTable(counts, result, output);
  if (options.json === true) output.out(JSON.stringify(result));
  return result.equal ? EXIT.ok : EXIT.findings;
}
