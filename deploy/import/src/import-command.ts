import { setMaxListeners } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  ApiClient,
  EXIT,
  IssuerTokens,
  NotRunningError,
  numberOption,
  type Output,
  readRunFile,
  resolveDataDir,
  TokenRefusedError,
  UnreachableError,
  UsageError,
} from '@acogida/operations';
import { UnreadableFileError } from './caseload-reader.ts';
import { Importer, type ImportSummary } from './importer.ts';
import { loadMapping, MappingInvalidError } from './load-mapping.ts';
import type { Mapping } from './mapping.ts';
import { showProgress } from './progress.ts';

const HELP = `Usage: npm run import -- FILE.csv --mapping MAPPING.json [options]

Plays a line list through the agencies' public APIs. Run it again at any time: what is there already stays as it is.

  --mapping FILE     how columns become facts; see deploy/import/README.md
  --data-dir DIR     data directory of the running platform (default .acogida)
  --concurrency N    rows in flight at the same time (default 64)
  --patience S       seconds to go on trying while a node is away (default 300)
  --json             last line of standard output: the summary as JSON
  --help             this text

Exit code: 0 all rows are there, 1 some were rejected, 2 usage, mapping or file, 3 platform not reachable.`;

interface ImportArguments {
  readonly file: string;
  readonly mapping: string;
  readonly dataDir: string;
  readonly concurrency: number;
  readonly patienceMs: number;
  readonly json: boolean;
}

/** Reads the command line; null when help was asked. @throws UsageError */
export function parseImportArguments(args: readonly string[], environment: NodeJS.ProcessEnv): ImportArguments | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('name one CSV file');
  if (values.mapping === undefined) throw new UsageError('name a mapping: --mapping MAPPING.json');
  const from = environment['INIT_CWD'] ?? process.cwd();
  return {
    file: resolve(from, file),
    mapping: resolve(from, values.mapping),
    dataDir: resolveDataDir(values['data-dir'], environment),
    concurrency: numberOption('concurrency', values.concurrency, 64, 1, 128),
    patienceMs: numberOption('patience', values.patience, 300, 0, 86_400) * 1_000,
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        mapping: { type: 'string' },
        'data-dir': { type: 'string' },
        concurrency: { type: 'string' },
        patience: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function play(args: ImportArguments, mapping: Mapping, output: Output): Promise<number> {
  const run = await readRunFile(args.dataDir);
  const { size } = await stat(args.file).catch(() => {
    throw new UnreadableFileError(`there is no file ${args.file}`);
  });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // every row in flight listens
  const interrupt = (): void => stop.abort(new InterruptedError());
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progress = showProgress(process.stderr, size);
  let awayToldMs = 0;
  const client = new ApiClient(run, new IssuerTokens(run.issuer), {
    patienceMs: args.patienceMs,
    signal: stop.signal,
    onRetry: (fault) => {
      if (performance.now() - awayToldMs < 2_000 && awayToldMs > 0) return;
      awayToldMs = performance.now();
      progress.tell(`waiting: ${fault.message}`);
    },
  });
  const importer = new Importer({
    mapping,
    chunks: createReadStream(args.file) as AsyncIterable<Buffer>,
    client,
    today: new Date().toISOString().slice(0, 10),
    concurrency: args.concurrency,
    arrivalPatienceMs: Math.min(args.patienceMs, 120_000),
    signal: stop.signal,
    onRejected: (line, { column, code, text }) =>
      progress.tell(`line ${line}${column === null ? '' : `, column ${column}`}: ${code}: ${text}`),
    onRow: (endOffset, rows) => progress.at(endOffset, rows),
  });
  try {
    await importer.run();
    return importer.summary().rejected.length > 0 ? EXIT.findings : EXIT.ok;
  } catch (error) {
    stop.abort(error);
    return failure(error, output);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    report(importer.summary(), args.json, output);
  }
}

/** The user stopped the import. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('interrupted: run the same command again to go on');
  }
}

function report(summary: ImportSummary, json: boolean, output: Output): void {
  const { rows, accepted, alreadyPresent, rejected, seconds } = summary;
  output.err(
    `${rows} rows: ${accepted} accepted, ${alreadyPresent} already present, ${rejected.length} rejected, in ${seconds} s`,
  );
  if (json) output.out(JSON.stringify(summary));
}

function failure(error: unknown, output: Output): number {
  if (error instanceof MappingInvalidError) {
    output.err(`${error.message}:`);
    for (const problem of error.problems) output.err(`  ${problem}`);
    return EXIT.usage;
  }
  if (error instanceof UsageError || error instanceof UnreadableFileError) {
    output.err(`${error.message} (--help shows how)`);
    return EXIT.usage;
  }
  if (error instanceof UnreachableError || error instanceof NotRunningError || error instanceof TokenRefusedError) {
    output.err(error.message);
    return EXIT.unreachable;
  }
  if (error instanceof InterruptedError) {
    output.err(error.message);
    return 130;
  }
  throw error;
}

/** `npm run import`; resolves to the exit code. */
export async function runImport(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  try {
    const parsed = parseImportArguments(args, environment);
    if (parsed === null) {
      output.out(HELP);
      return EXIT.ok;
    }
    const mapping = await loadMapping(parsed.mapping);
    return await play(parsed, mapping, output);
  } catch (error) {
    return failure(error, output);
  }
}
