/**
 * Something that is measured, in a process of its own: what it answers and takes crosses the process border as JSON-like
 * values (structured clone).
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each peer names its own arguments
export type Operation = (argument: any) => Promise<unknown>;

/** A peer as its module makes it. */
export interface Peer {
  readonly operations: Readonly<Record<string, Operation>>;
  /** Gives back all that it opened. */
  close(): Promise<void>;
}

/** What a peer module exports as `open`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each peer names its own options
export type OpenPeer = (options: any) => Promise<Peer>;

/** Parent to child. */
export interface PeerCall {
  readonly id: number;
  readonly operation: string;
  readonly argument: unknown;
}

/** Child to parent. The answer to call 0 says that the peer is open. */
export interface PeerAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
