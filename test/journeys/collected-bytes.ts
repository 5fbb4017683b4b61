import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pg from 'pg';
import { CANARY_MARKS, type Collected } from './identity-canaries.ts';

/** Bytes of one chunk that are looked at again with the next, so that nothing hides between two. */
const OVERLAP_BYTES = 128;
const CHUNK_BYTES = 1 << 20;
const NOTHING = Buffer.alloc(CHUNK_BYTES);

/** Every row of every table of a database as text, whatever the table is for. */
export async function tablesOf(database: Pick<pg.Client, 'query'>): Promise<string> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY name`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    texts.push(name, ...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

/** All databases of a server, by a connection to one of them. */
export async function databasesOfServer(url: string): Promise<Collected[]> {
  const names = await withClient(url, async (client) => {
    const sql = 'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname';
    return (await client.query<{ datname: string }>(sql)).rows.map(({ datname }) => datname);
  });
  const found: Collected[] = [];
  for (const name of names) {
    const at = new URL(url);
    at.pathname = name;
    found.push({ name: `database ${name}`, text: await withClient(at.href, tablesOf) });
  }
  return found;
}

/** Where a server keeps its files. */
export function filesOfServer(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    return rows[0]?.folder ?? '';
  });
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** What was found in files. */
export interface BytesFound {
  /** Files that hold a mark, relative to the folder. */
  readonly marked: readonly string[];
  /** Files that hold what is to be there. */
  readonly expected: readonly string[];
}

/**
 * Looks through the bytes of every file below a folder, as they lie on the disk.
 *
 * @param expected what some file is sure to hold, so that it is known to have been looked at
 */
export async function lookThrough(folder: string, expected: string): Promise<BytesFound> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = { marked: [] as string[], expected: [] as string[] };
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const { isMarked, isExpected } = await lookInto(file, expected);
    if (isMarked) found.marked.push(relative(folder, file));
    if (isExpected) found.expected.push(relative(folder, file));
  }
  return found;
}

async function lookInto(file: string, expected: string): Promise<{ isMarked: boolean; isExpected: boolean }> {
  const seen = { isMarked: false, isExpected: false };
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      if (chunk.equals(NOTHING.subarray(0, chunk.length))) continue; // room that a server keeps ready
      const text = rest + chunk.toString('latin1');
      seen.isMarked ||= CANARY_MARKS.test(text);
      seen.isExpected ||= text.includes(expected);
      rest = text.slice(-OVERLAP_BYTES);
    }
  } catch (error) {
    // a running server takes its files away and puts others there
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return seen;
}
