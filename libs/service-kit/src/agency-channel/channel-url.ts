/** Where a node with channel services is asked. */
export const CHANNEL_PATH = 'v1/channel';

/**
 * Where the channel of a node is, by the address that its agency announced; null for one that is no plain http or https address. An
 * address is only where to knock: who answers is proved by the signature.
 */
export function channelUrlOf(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address.endsWith('/') ? address : `${address}/`);
  const isPlain =
    ['http:', 'https:'].includes(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '');
  return isPlain ? new URL(CHANNEL_PATH, url) : null;
}
