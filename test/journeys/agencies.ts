import { expect } from '@jest/globals';
import { ApiClient, IssuerTokens, nodeOf, RefusedError, type RunFile } from '@acogida/operations';
import { eventually } from '@acogida/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { RunningPlatform } from './running-platform.ts';

const PATIENCE_MS = 60_000;
/** Longest wait for something to be heard by another agency, in milliseconds. */
const HEARD_WITHIN_MS = 60_000;
/** Between two tries, in milliseconds. */
const ASKED_EVERY_MS = 50;

/** What an agency refused a request with. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** The people of all agencies, at the public APIs of their nodes. */
export class Agencies {
  readonly run: RunFile;
  readonly #client: ApiClient;

  private constructor(run: RunFile) {
    this.run = run;
    this.#client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: PATIENCE_MS });
  }

  static async of(platform: RunningPlatform): Promise<Agencies> {
    return new Agencies(await platform.run());
  }

  /** Whether an agency of the network answers at a node of its own. */
  hasNode(agency: string): boolean {
    return this.run.nodes.some(({ agencyId }) => agencyId === agency);
  }

  /** @throws RefusedError */
  async post<T = { readonly id: string }>(agency: string, role: string, path: string, body: object = {}): Promise<T> {
    const idempotencyKey = randomUUID();
    return (await this.#client.call<T>({ agency, role, method: 'POST', path, body, idempotencyKey })).body;
  }

  /** @throws RefusedError */
  async put<T>(agency: string, role: string, path: string, body: object): Promise<T> {
    return (await this.#client.call<T>({ agency, role, method: 'PUT', path, body })).body;
  }

  /** @throws RefusedError */
  async get<T>(agency: string, role: string, path: string): Promise<T> {
    return (await this.#client.call<T>({ agency, role, method: 'GET', path })).body;
  }

  /** Resolves once the answer matches; what another agency did takes a moment to be heard. */
  async shown(agency: string, role: string, path: string, expected: object): Promise<void> {
    await this.heard(async () => expect(await this.get(agency, role, path)).toMatchObject(expected));
  }

  /** Tries until it succeeds: it depends on what an agency has to hear of another first. */
  heard<T>(attempt: () => Promise<T>): Promise<T> {
    return eventually(attempt, HEARD_WITHIN_MS, ASKED_EVERY_MS);
  }

  /** How an agency refuses it. */
  async refusal(agency: string, role: string, path: string, body: object = {}): Promise<Refusal> {
    return refusalOf(this.post(agency, role, path, body));
  }

  /** How an agency refuses to show it. */
  async refusalToShow(agency: string, role: string, path: string): Promise<Refusal> {
    return refusalOf(this.get(agency, role, path));
  }

  /** Rows of an agency's own database. */
  async rowsAt<T extends pg.QueryResultRow>(agency: string, sql: string, values: unknown[] = []): Promise<T[]> {
    return this.withDatabaseOf(agency, async (client) => (await client.query<T>(sql, values)).rows);
  }

  /** Nothing of this agency is published while `work` runs; what it commits meanwhile is published after it. */
  async whileSilent<T>(agency: string, work: () => Promise<T>): Promise<T> {
    return this.withDatabaseOf(agency, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE relay.cursor IN ACCESS EXCLUSIVE MODE');
      try {
        return await work();
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }

  private async withDatabaseOf<T>(agency: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
    const { databaseUrl } = nodeOf(this.run, agency);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }
}

async function refusalOf(request: Promise<unknown>): Promise<Refusal> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { status: error.status, code: error.code };
  }
  throw new Error('it was not refused');
}
