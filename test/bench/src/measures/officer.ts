import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

/** What a node answered. */
export interface OfficerAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  /** From sending to the whole answer, in milliseconds. */
  readonly tookMs: number;
}

/** Somebody who works at a node, over connections that are kept. */
export class Officer {
  readonly #pool: Pool;
  readonly #token: string;

  /** @param connections how many requests are under way at most */
  constructor(url: string, token: string, connections: number) {
    this.#pool = new Pool(url, { connections, pipelining: 1 });
    this.#token = token;
  }

  /** Sends a command of its own. @throws Error it was refused */
  post(path: string, body: object): Promise<OfficerAnswer> {
    return this.#send('POST', path, body);
  }

  /** @throws Error it was refused */
  put(path: string, body: object): Promise<OfficerAnswer> {
    return this.#send('PUT', path, body);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #send(method: 'POST' | 'PUT', path: string, body: object): Promise<OfficerAnswer> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    const beforeMs = performance.now();
    const response = await this.#pool.request({ method, path, body: JSON.stringify(body), headers });
    const text = await response.body.text();
    const tookMs = performance.now() - beforeMs;
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return { body: JSON.parse(text) as OfficerAnswer['body'], tookMs };
  }
}
