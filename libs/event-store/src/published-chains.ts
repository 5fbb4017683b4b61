import type { StreamHead } from './append-rows.ts';
import { canonicalText } from './canonical-text.ts';
import { GENESIS_HEAD } from './hash-chains.ts';
import type { Published, PublishedContract, PublishedFor } from './port.ts';

/** Stands between the name of a stream and that of an audience. */
export const CHAIN_SEPARATOR = '~';

/** Ends the name of a chain that was begun because nobody can say how far the one before it had come. */
const BEGUN_ANEW = /~since\.[1-9]\d*$/;

/**
 * Name of the chain that a stream publishes for an audience, as `payload.stream` says it: that of the stream itself for
 * `coded` and in clear, `<stream>~care`, `<stream>~restricted`, `<stream>~pair.<agency>`. Versions are 1, 2, 3 … in each.
 *
 * @param since the incarnation from which the agency's sealed chains are begun anew: `…~since.<incarnation>`; null: none was
 */
export function publishedChainOf(stream: string, audience: PublishedFor | null, since: number | null = null): string {
  const name = chainNameOf(audience, since);
  return name === null ? stream : `${stream}${CHAIN_SEPARATOR}${name}`;
}

/** What follows the name of the stream in that of its chain; null: nothing does. @param since as for `publishedChainOf` */
export function chainNameOf(audience: PublishedFor | null, since: number | null = null): string | null {
  if (audience === null) return null;
  const name = audienceNameOf(audience);
  if (since === null) return name;
  const beginning = `since.${since}`;
  return name === null ? beginning : `${name}${CHAIN_SEPARATOR}${beginning}`;
}

function audienceNameOf(audience: PublishedFor): string | null {
  if (audience === 'coded') return null;
  return typeof audience === 'string' ? audience : `pair.${audience.to}`;
}

/** The first chain of those that follow each other under one name: what is to stay in order although a restore lies between. */
export function firstChainOf(chain: string): string {
  return chain.replace(BEGUN_ANEW, '');
}

/** The stream of a published chain, and what follows its name (`chainNameOf`). */
export function streamOfChain(chain: string): { readonly stream: string; readonly name: string | null } {
  const end = chain.indexOf(CHAIN_SEPARATOR);
  return end < 0 ? { stream: chain, name: null } : { stream: chain.slice(0, end), name: chain.slice(end + 1) };
}

/** The copies that an event is published as, in their order. */
export function copiesOf(published: Published): readonly PublishedContract[] {
  if (published === null) return [];
  return isList(published) ? published : [published];
}

function isList(
  published: PublishedContract | readonly PublishedContract[],
): published is readonly PublishedContract[] {
  return Array.isArray(published);
}

/** Where a published chain stands. */
export interface ChainHead {
  readonly version: number;
  readonly head: string;
}

/** The chains of a stream beside that of `coded`, by what follows its name, as `other_chains` has them. */
type OtherChains = Readonly<Record<string, readonly [version: number, head: string]>>;

/** `other_chains` of a stream that publishes for `coded` alone. */
export const NO_OTHER_CHAINS = '{}';
const UNPUBLISHED: ChainHead = { version: 0, head: GENESIS_HEAD };

/** The published chains of one stream while an append moves them. */
export class PublishedChains {
  #coded: ChainHead;
  #othersText: string;
  /** Read when the first of them is asked for: most appends publish to one audience. */
  #others: Record<string, readonly [version: number, head: string]> | undefined;

  /** @param head undefined: the stream has none yet */
  constructor(head: Pick<StreamHead, 'published_version' | 'published_head' | 'other_chains'> | undefined) {
    this.#coded = head === undefined ? UNPUBLISHED : { version: head.published_version, head: head.published_head };
    this.#othersText = head?.other_chains ?? NO_OTHER_CHAINS;
  }

  /** @param name what follows that of the stream; null: that of the stream itself */
  at(name: string | null): ChainHead {
    if (name === null) return this.#coded;
    this.#others ??= { ...(JSON.parse(this.#othersText) as OtherChains) };
    const found = this.#others[name];
    return found === undefined ? UNPUBLISHED : { version: found[0], head: found[1] };
  }

  /** Moves a chain that `at` was asked for. */
  move(name: string | null, { version, head }: ChainHead): void {
    if (name === null) {
      this.#coded = { version, head };
    } else {
      this.#others = { ...this.#others, [name]: [version, head] };
      this.#othersText = canonicalText(this.#others);
    }
  }

  /** As the row of the stream has them. */
  get columns(): { readonly publishedVersion: number; readonly publishedHead: string; readonly otherChains: string } {
    const { version, head } = this.#coded;
    return { publishedVersion: version, publishedHead: head, otherChains: this.#othersText };
  }
}
