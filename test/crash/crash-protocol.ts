import type { Step } from '@acogida/core';

/** Where a process is to end. */
export interface CrashPoint {
  readonly step: Step;
  readonly moment: 'before' | 'after';
}

/** What a node of the crash suite is started with. */
export interface CrashingNodeSetup {
  readonly agencyId: string;
  readonly caseId: string;
  readonly databaseUrl: string;
  readonly log:
    | { readonly driver: 'embedded'; readonly databaseUrl: string }
    | { readonly driver: 'kafka'; readonly brokers: readonly string[] };
  readonly keyId: string;
  /** Ed25519, PEM. */
  readonly privateKey: string;
  /** Base64 of 32 bytes. */
  readonly sealingKey: string;
  /** The agencies it listens to; none for the sender. */
  readonly peers: readonly { readonly agencyId: string; readonly keyId: string; readonly publicKey: string }[];
}

/** What the suite tells a node. */
export type NodeOrder =
  | { readonly kind: 'append'; readonly key: string; readonly visit: string; readonly expectedVersion: number }
  | { readonly kind: 'arm'; readonly crash: CrashPoint };

/** What a node tells the suite. */
export type NodeReport =
  | { readonly kind: 'ready' | 'armed' }
  | { readonly kind: 'appended'; readonly key: string }
  | { readonly kind: 'alarm' | 'failure'; readonly name: string };
