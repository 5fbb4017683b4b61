import type { StreamHead } from './append-rows.ts';
import { intArray, textArray } from './array-parameter.ts';
import { GENESIS_HEAD } from './hash-chains.ts';
import type { Transaction } from './port.ts';
import { NO_OTHER_CHAINS, PublishedChains, streamOfChain } from './published-chains.ts';

/** Where a chain of published events was found, by the name that its payloads say (`publishedChainOf`). */
export interface FoundChain {
  readonly chain: string;
  readonly version: number;
  readonly head: string;
}

const LOCK = `SELECT name, version, private_head, published_version, published_head, other_chains
  FROM es.stream WHERE name = ANY ($1::text[]) ORDER BY name FOR UPDATE`;

const MOVE = `INSERT INTO es.stream (name, version, private_head, published_version, published_head, other_chains)
  SELECT name, 0, $5, published_version, published_head, other_chains
    FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS s (name, published_version, published_head, other_chains)
  ON CONFLICT (name) DO UPDATE SET published_version = excluded.published_version,
    published_head = excluded.published_head, other_chains = excluded.other_chains`;

/**
 * Lets streams go on after what they have published, where an older copy of the store does not know of it: what they publish
 * next must continue that. Chains that stand further stay there, and so do the private chains.
 */
export async function continuePublished(transaction: Transaction, found: readonly FoundChain[]): Promise<void> {
  const names = [...new Set(found.map(({ chain }) => streamOfChain(chain).stream))];
  if (names.length === 0) return;
  const { rows } = await transaction.query<StreamHead>(LOCK, [textArray(names)]);
  const kept = new Map(rows.map((row) => [row.name, row]));
  const chainsOf = new Map(names.map((name) => [name, new PublishedChains(kept.get(name))]));
  for (const { chain, version, head } of found) {
    const { stream, name } = streamOfChain(chain);
    const chains = chainsOf.get(stream);
    if (chains !== undefined && version > chains.at(name).version) chains.move(name, { version, head });
  }
  const columns = names.map((name) => chainsOf.get(name)?.columns);
  await transaction.query(MOVE, [
    textArray(names),
    intArray(columns.map((column) => column?.publishedVersion ?? 0)),
    textArray(columns.map((column) => column?.publishedHead ?? GENESIS_HEAD)),
    textArray(columns.map((column) => column?.otherChains ?? NO_OTHER_CHAINS)),
    GENESIS_HEAD,
  ]);
}
