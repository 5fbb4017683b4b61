import { parseArgs } from 'node:util';
import { ApiClient, RefusedError } from './api-client.ts';
import { EXIT, numberOption, type Output, table, UsageError } from './command-line.ts';
import { nodeOf, readRunFile, resolveDataDir, type RunFile } from './run-file.ts';
import { IssuerTokens } from './tokens.ts';

const HELP = `Usage: npm run quarantine -- list | show SOURCE NUMBER | retry [SOURCE NUMBER | --all]   [options]

Events that could not take effect at a node: parked (waiting for a cause or a key), quarantined (a permanent fault), held
(behind one of those), unknown (of a newer release), unverifiable.

  list                   what is kept, at every node
  show SOURCE NUMBER     one event of agency SOURCE, at every node that keeps it
  retry SOURCE NUMBER    run it and what waits behind it again, where it is kept
  retry --all            run everything again
  --agency A             only at the node of this agency
  --data-dir DIR         data directory of the running platform (default .acogida)
  --json                 last line of standard output: the result as JSON
  --help                 this text

Exit code: 0 done and nothing remains, 1 something is kept, 2 usage, 3 platform not reachable.`;

/** Longest wait for a node that is away, in milliseconds. */
const PATIENCE_MS = 20_000;
const ROUTE = '/v1/operations/quarantine';

/** An entry as a node answers it; `QuarantineEntry` of @acogida/event-log. */
interface Entry {
  readonly source: string;
  readonly number: number | null;
  readonly kind: string;
  readonly class: string | null;
  readonly subject: string | null;
  readonly reason: string;
  readonly detail: string | null;
  readonly attempts: number;
  readonly keptAt: string;
}

interface Target {
  readonly source: string;
  readonly number: number;
}

type Call = <T>(agency: string, method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

interface Invocation {
  readonly call: Call;
  readonly agencies: readonly string[];
  readonly output: Output;
  readonly json: boolean;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        all: { type: 'boolean' },
        agency: { type: 'string' },
        'data-dir': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The event that the words name. @throws UsageError */
function targetOf(words: readonly string[]): Target {
  const [source, number, ...more] = words;
  if (source === undefined || number === undefined || more.length > 0) throw new UsageError('name SOURCE and NUMBER');
  return { source, number: numberOption('NUMBER', number, 0, 1, 2 ** 31 - 1) };
}

async function list({ call, agencies, output, json }: Invocation): Promise<number> {
  const nodes = await Promise.all(
    agencies.map(async (agency) => ({ agency, entries: (await call<{ items: Entry[] }>(agency, 'GET', ROUTE)).items })),
  );
  const rows = nodes.flatMap(({ agency, entries }) =>
    entries.map((one) => [
      agency,
      one.source,
      one.number ?? '-',
      one.kind,
      one.class ?? '-',
      one.reason,
      one.attempts,
      one.keptAt,
    ]),
  );
  if (rows.length === 0) output.out('nothing is kept back');
  else output.out(table(['at node', 'source', 'number', 'state', 'class', 'reason', 'attempts', 'since'], rows));
  if (json) output.out(JSON.stringify({ nodes }));
  return rows.length === 0 ? EXIT.ok : EXIT.findings;
}

async function show({ call, agencies, output, json }: Invocation, { source, number }: Target): Promise<number> {
  const found: { agency: string; entry: Entry }[] = [];
  for (const agency of agencies.filter((one) => one !== source)) {
    try {
      found.push({ agency, entry: await call<Entry>(agency, 'GET', `${ROUTE}/${source}/${number}`) });
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 404) throw error;
    }
  }
  for (const { agency, entry } of found) {
    output.out(`at ${agency}:`);
    for (const [name, value] of Object.entries(entry)) output.out(`  ${name.padEnd(12)} ${printed(value)}`);
  }
  if (found.length === 0) output.out(`no node keeps ${source} ${number} back`);
  if (json) output.out(JSON.stringify({ nodes: found }));
  return found.length === 0 ? EXIT.ok : EXIT.findings;
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function retry({ call, agencies, output, json }: Invocation, target: Target | null): Promise<number> {
  const results = await Promise.all(
    agencies
      .filter((agency) => agency !== target?.source)
      .map(async (agency) => ({
        agency,
        ...(await call<{ released: number; remaining: number }>(agency, 'POST', `${ROUTE}/retry`, target ?? {})),
      })),
  );
  output.out(
    table(
      ['at node', 'took effect', 'remaining'],
      results.map((one) => [one.agency, one.released, one.remaining]),
    ),
  );
  if (json) output.out(JSON.stringify({ nodes: results }));
  return results.every(({ remaining }) => remaining === 0) ? EXIT.ok : EXIT.findings;
}

function callOf(run: RunFile): Call {
  const client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: PATIENCE_MS });
  return async <T>(agency: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const idempotencyKey = method === 'POST' ? { idempotencyKey: crypto.randomUUID() } : {};
    const answer = await client.call<T>({ agency, role: 'operator', method, path, body, ...idempotencyKey });
    return answer.body;
  };
}

/** `npm run quarantine`; resolves to the exit code. */
export async function runQuarantine(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(args);
  const [action, ...words] = positionals;
  if (values.help === true) {
    output.out(HELP);
    return EXIT.ok;
  }
  if (action === 'retry' && words.length === 0 && values.all !== true) {
    throw new UsageError('name SOURCE and NUMBER, or --all');
  }
  const target = action === 'show' || words.length > 0 ? targetOf(words) : null;
  const run = await readRunFile(resolveDataDir(values['data-dir']));
  const agencies =
    values.agency === undefined ? run.nodes.map((node) => node.agencyId) : [nodeOf(run, values.agency).agencyId];
  const invocation = { call: callOf(run), agencies, output, json: values.json === true };
  if (action === 'list' && target === null) return list(invocation);
  if (action === 'show' && target !== null) return show(invocation, target);
  if (action === 'retry') return retry(invocation, target);
  throw new UsageError('say list, show or retry');
}
