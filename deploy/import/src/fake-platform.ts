import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunFile } from '@acogida/operations';

/** One command that a fake node took for the first time. */
export interface TakenCommand {
  readonly agency: string;
  readonly path: string;
  readonly key: string;
  readonly body: Record<string, unknown>;
}

/** For specs: nodes of all agencies behind one server, which remember Idempotency-Keys and nothing else. */
export class FakePlatform {
  readonly taken: TakenCommand[] = [];
  readonly #replies = new Map<string, string>();
  readonly #looks = new Map<string, number>();
  readonly #server: Server;
  /** Answers with this status as long as it is not null. */
  awayWith: number | null = null;
  /** Refuses paths that end so, with this code. */
  refusing: { readonly suffix: string; readonly code: string } | null = null;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  /** Listens; the run file says where. */
  async start(agencies: readonly string[]): Promise<RunFile> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const nodes = agencies.map((agencyId) => ({ agencyId, url: `http://127.0.0.1:${port}/${agencyId}` }));
    return { nodes } as unknown as RunFile;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Paths that an agency took, ids left out. */
  pathsOf(agency: string): string[] {
    return this.taken.filter((one) => one.agency === agency).map(({ path }) => path.replaceAll(/id-\d+/g, ':id'));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, agency = '', ...rest] = (request.url ?? '').split('/');
    const path = `/${rest.join('/')}`;
    const send = (status: number, body: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, headers).end(JSON.stringify(body));
    };
    if (this.awayWith !== null) return send(this.awayWith, {});
    if (request.method === 'GET') return this.#look(path, send);
    if (this.refusing !== null && path.endsWith(this.refusing.suffix)) {
      return send(422, { code: this.refusing.code, detail: 'a rule says no' });
    }
    const key = String(request.headers['idempotency-key']);
    const kept = this.#replies.get(`${agency} ${key}`);
    if (kept !== undefined) return send(200, { id: kept }, { 'idempotency-replayed': 'true' });
    const id = `id-${this.taken.length + 1}`;
    this.#replies.set(`${agency} ${key}`, id);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    this.taken.push({ agency, path, key, body });
    return send(201, { id });
  }

  /** A referral arrives at the second look. */
  #look(path: string, send: (status: number, body: object) => void): void {
    const looks = (this.#looks.get(path) ?? 0) + 1;
    this.#looks.set(path, looks);
    send(looks < 2 ? 404 : 200, { code: 'REFERRAL.UNKNOWN' });
  }
}
