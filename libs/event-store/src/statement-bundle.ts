import pg, { type Connection, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';

/** What `pg` reads and calls on the query that has a connection; its types name only `submit`. */
interface ActiveQuery {
  readonly name: string | undefined;
  readonly text: string | undefined;
  submit(connection: Connection): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleEmptyQuery(connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

/** The connection as a query sends itself on it, and what `pg` notes there of prepared statements. */
interface SendingConnection extends Connection {
  readonly submittedNamedStatements: Record<string, unknown>;
}

/**
 * Statements that go out in one write and are answered in one. One Sync ends them all, so after an error PostgreSQL skips
 * whatever follows: between `BEGIN` and `COMMIT` it is all or nothing without looking at an answer. Each is a query of `pg`,
 * with all that it does about names, parameters and types.
 */
class StatementBundle implements ActiveQuery {
  readonly #queries: readonly ActiveQuery[];
  readonly #resolve: (results: readonly QueryResult[]) => void;
  readonly #reject: (error: unknown) => void;
  readonly #results: QueryResult[] = [];
  #current = 0;
  #failure: Error | undefined;

  constructor(
    statements: readonly QueryConfig[],
    resolve: (results: readonly QueryResult[]) => void,
    reject: (error: unknown) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#queries = statements.map((statement) => {
      // Without parameters `pg` would send it as a simple query, which ends the bundle.
      const extended: QueryConfig & { readonly queryMode: string } = { ...statement, queryMode: 'extended' };
      const query = new pg.Query(extended, (error: Error | null | undefined, result: unknown) => {
        this.#failure ??= error ?? undefined;
        this.#results.push(result as QueryResult);
      });
      return query as unknown as ActiveQuery;
    });
  }

  /** Of all statements; those without a name are `?`. */
  get names(): readonly string[] {
    return this.#queries.map(({ name }) => name ?? '?');
  }

  /** Name and text of the statement that answers come for: `pg` asks for them to note what is prepared. */
  get name(): string | undefined {
    return this.#queries[this.#current]?.name;
  }

  get text(): string | undefined {
    return this.#queries[this.#current]?.text;
  }

  submit(connection: Connection): null {
    // What is inherited from the connection is everything but the Sync that a query ends itself with.
    const withoutSync = Object.create(connection, { sync: { value: () => {} } }) as Connection;
    connection.stream.cork();
    try {
      for (const query of this.#queries) {
        const refused = query.submit(withoutSync);
        this.#failure ??= refused ?? undefined;
        // A statement that cannot be sent is one without which those after it must not run.
        if (this.#failure !== undefined) break;
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    return null;
  }

  handleRowDescription(message: unknown): void {
    this.#active.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#active.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    this.#active.handleCommandComplete(message, connection);
    this.#endCurrent(connection);
  }

  handleEmptyQuery(connection: Connection): void {
    this.#endCurrent(connection);
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#resolve(this.#results);
    else this.#reject(this.#failure);
  }

  handleError(error: unknown, connection: SendingConnection): void {
    // Those after it were sent and skipped: nothing was prepared for them.
    for (const { name } of this.#queries.slice(this.#current)) {
      if (name !== undefined) delete connection.submittedNamedStatements[name];
    }
    this.#reject(error);
  }

  get #active(): ActiveQuery {
    const query = this.#queries[this.#current];
    if (query === undefined) throw new Error('an answer to no statement');
    return query;
  }

  #endCurrent(connection: Connection): void {
    this.#active.handleReadyForQuery(connection);
    this.#current += 1;
  }
}

/**
 * Runs statements in order, in one round trip; none may hold more than one command, nor copy. Rejects with the first error,
 * after which none was run.
 */
export function runTogether<R extends QueryResultRow = QueryResultRow>(
  client: PoolClient,
  statements: readonly QueryConfig[],
): Promise<readonly QueryResult<R>[]> {
  return new Promise((resolve, reject) => {
    client.query(new StatementBundle(statements, resolve as (results: readonly QueryResult[]) => void, reject));
  });
}
