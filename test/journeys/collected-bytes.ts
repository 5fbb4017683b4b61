import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pg from 'pg';
import { type Collected, MARKED_BYTES } from './identity-canaries.ts';

/** Bytes of one chunk that are looked at again with the next, so that nothing hides between two. */
const OVERLAP_BYTES = 128;

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

/** Which of these were found in files, by file, and how much was looked at. */
export interface BytesFound {
  readonly sightings: readonly string[];
  readonly bytes: number;
}

/**
 * Looks through the bytes of every file below a folder, as they lie on the disk.
 *
 * @param marks what is looked for; the canaries' marks when left out
 */
export async function lookThrough(folder: string, marks: readonly Buffer[] = MARKED_BYTES): Promise<BytesFound> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sightings: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const looked = await lookInto(file, marks);
    bytes += looked.bytes;
    if (looked.isMarked) sightings.push(relative(folder, file));
  }
  return { sightings, bytes };
}

async function lookInto(file: string, marks: readonly Buffer[]): Promise<{ isMarked: boolean; bytes: number }> {
  let rest = Buffer.alloc(0);
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      const window = Buffer.concat([rest, chunk]);
      bytes += chunk.length;
      if (marks.some((mark) => window.includes(mark))) return { isMarked: true, bytes };
      rest = window.subarray(-OVERLAP_BYTES);
    }
  } catch (error) {
    // a running server takes its files away and puts others there
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { isMarked: false, bytes };
}
