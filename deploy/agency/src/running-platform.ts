import {
  ApiClient,
  IssuerTokens,
  NotRunningError,
  readRunFile,
  resolveDataDir,
  type RunFile,
} from '@acogida/operations';

/** How long a node may be away, in milliseconds. */
const PATIENCE_MS = 30_000;

/** The operators of a running platform. */
export interface PlatformOperators {
  readonly directoryId: string;
  /** Asks the node of an agency as its operator. @throws RefusedError, UnreachableError, NotRunningError */
  readonly ask: <T>(request: OperatorRequest) => Promise<T>;
}

/** One request of an operator; the same key asks for the same thing, however often. */
export interface OperatorRequest {
  readonly agency: string;
  readonly path: string;
  /** GET when it is left out. */
  readonly post?: { readonly body: unknown; readonly idempotencyKey: string };
}

/** The platform of a data directory. @throws NotRunningError nothing runs there, or it runs without a directory */
export async function platformIn(dataDir: string | undefined): Promise<PlatformOperators> {
  const run: RunFile = await readRunFile(resolveDataDir(dataDir));
  const directory = run.nodes.find(({ kind }) => kind === 'directory');
  if (directory === undefined) throw new NotRunningError('the platform runs without a directory');
  const client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: PATIENCE_MS });
  return {
    directoryId: directory.agencyId,
    ask: async <T>({ agency, path, post }: OperatorRequest): Promise<T> => {
      const request = { agency, path, role: 'operator', method: post === undefined ? 'GET' : 'POST' } as const;
      return (await client.call<T>({ ...request, ...post })).body;
    },
  };
}
