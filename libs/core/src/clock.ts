import type { Instant } from './json.ts';

/** Where time comes from. The edge owns one; deciders get instants inside commands. */
export interface Clock {
  now(): Instant;
}

/** Where identifiers come from: random version 4 UUIDs at the edge, fixed ones in specs. */
export interface Ids {
  uuid(): string;
}
