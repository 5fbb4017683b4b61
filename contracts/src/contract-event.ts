import type { Instant, JsonObject } from '@acogida/core';

/** The class that stands in clear on the log as the CloudEvents `type` (architecture.md §5). Directory entries are not sealed. */
export const CONTRACT_CLASSES = [
  'case',
  'referral',
  'hold',
  'clearance',
  'consent',
  'procedure',
  'key',
  'erasure',
  'directory',
] as const;

/** One of `CONTRACT_CLASSES`. */
export type ContractClass = (typeof CONTRACT_CLASSES)[number];

/** What a domain event becomes when an agency publishes it: the specific type and coded data, never identity. */
export interface ContractEvent<T extends string = string, D = JsonObject> {
  readonly class: ContractClass;
  /** Specific type, past tense, `ReferralRequested`. Stands inside the seal. */
  readonly type: T;
  readonly schemaVersion: number;
  /** The shared file of one person; null for directory entries and for keys of several cases. Stands inside the seal. */
  readonly caseId: string | null;
  /** When it happened in the world, as precisely as known; defaults to the time of recording. */
  readonly occurredAt?: Instant;
  readonly data: D;
}

/** Where an effect came from: the contract event that caused it. */
export interface Causation {
  /** Agency that published the cause. */
  readonly source: string;
  /** Event id (UUID) of the cause. */
  readonly id: string;
}

/**
 * What stands inside the seal of a published event (architecture.md §4), kept and hashed as RFC 8785 canonical text.
 */
export interface ContractPayload {
  readonly type: string;
  readonly schemaVersion: number;
  readonly caseId: string | null;
  readonly data: JsonObject;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  /** The stream it was published from and its contiguous version among the events that stream published, from 1. */
  readonly stream: string;
  readonly version: number;
  /** SHA-256 chain over what this stream published, hex: `sha256(previous ‖ canonical payload without publishedHead)`. */
  readonly publishedHead: string;
  /** Head of the salted chain over the stream's private events at this moment, hex. */
  readonly privateHead: string;
  readonly correlationId: string;
  readonly causation: Causation | null;
  /** Hybrid logical clock reading; see `HybridTime` of @acogida/core. */
  readonly clock: string;
}
