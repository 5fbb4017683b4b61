import type { Published, PublishedContract, PublishedFor } from './port.ts';

const SEPARATOR = '~';

/**
 * Name of the chain that a stream publishes for an audience, as `payload.stream` says it: that of the stream itself for
 * `coded` and in clear, `<stream>~care`, `<stream>~restricted`, `<stream>~pair.<agency>`. Versions are 1, 2, 3 … in each.
 */
export function publishedChainOf(stream: string, audience: PublishedFor | null): string {
  const name = chainNameOf(audience);
  return name === null ? stream : `${stream}${SEPARATOR}${name}`;
}

/** What follows the name of the stream in that of its chain; null: nothing does. */
export function chainNameOf(audience: PublishedFor | null): string | null {
  if (audience === null || audience === 'coded') return null;
  return typeof audience === 'string' ? audience : `pair.${audience.to}`;
}

/** The stream of a published chain, and what follows its name (`chainNameOf`). */
export function streamOfChain(chain: string): { readonly stream: string; readonly name: string | null } {
  const end = chain.indexOf(SEPARATOR);
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
