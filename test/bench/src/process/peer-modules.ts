import type { OpenPeer } from './peer.ts';

/** Each peer with its module: loaded only in its own process, for Emmett replaces node-postgres' type parsers. */
export const PEER_MODULES = {
  'store-ours': () => import('../peers/store-ours.ts'),
  'store-emmett': () => import('../peers/store-emmett.ts'),
  'store-raw': () => import('../peers/store-raw.ts'),
  'http-ours': () => import('../peers/http-ours.ts'),
  'http-emmett': () => import('../peers/http-emmett.ts'),
  'http-load': () => import('../peers/http-load.ts'),
  'latency-ours-source': () => import('../peers/latency-ours-source.ts'),
  'latency-ours-reader': () => import('../peers/latency-ours-reader.ts'),
  'latency-raw-source': () => import('../peers/latency-raw-source.ts'),
  'latency-raw-reader': () => import('../peers/latency-raw-reader.ts'),
  'rebuild-ours': () => import('../peers/rebuild-ours.ts'),
  'rebuild-raw': () => import('../peers/rebuild-raw.ts'),
  'departure-node': () => import('../peers/departure-node.ts'),
  growth: () => import('../peers/growth.ts'),
} satisfies Record<string, () => Promise<{ readonly open: OpenPeer }>>;

/** Name of a peer. */
export type PeerName = keyof typeof PEER_MODULES;
