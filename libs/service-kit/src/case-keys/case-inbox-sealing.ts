import type { KeysGrantedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { InboxSealing, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import {
  CaseSealing,
  type DevelopmentOpener,
  type KeyLookup,
  type KeyRing,
  type KeyStore,
  lookupOver,
  type OpenedKey,
  systemRandomness,
} from '@acogida/sealing';
import { type GrantReceipt, readGrant } from './read-grant.ts';

/** What received events are opened with. */
export interface CaseInboxSealingOptions {
  readonly agencyId: string;
  readonly ring: KeyRing;
  readonly store: Pick<KeyStore, 'load' | 'isErased'>;
  /** Where keys are looked for: what is committed only. */
  readonly database: Transaction;
  /** Opens what was sealed before case keys were random. */
  readonly development?: DevelopmentOpener;
}

/**
 * Opens what other agencies publish, with the keys that this node has. Those of a grant on the same page open what follows it
 * before they are stored: they are kept beside the ring until the next page of whoever granted them.
 */
export function caseInboxSealing(options: CaseInboxSealingOptions): InboxSealing {
  const { agencyId: agency, ring, store, database, development } = options;
  const learned = new LearnedKeys(ring, (caseId) => store.isErased(database, caseId));
  const sealing = new CaseSealing({
    ...{ agency, ring: learned.lookup(), randomness: systemRandomness },
    ...(development === undefined ? {} : { development }),
  });
  return {
    async prepare(headers) {
      learned.forget(new Set(headers.map(({ source }) => source)));
      const keyIds = sealing.unknownKeys(headers);
      if (keyIds.length > 0) await store.load(database, { keyIds });
    },
    read: (header, data) => sealing.read(header, data),
    load: (wanted) => store.load(database, wanted),
    async learn(event) {
      if (event.payload.type === 'KeysGranted') await learned.take(event, agency);
    },
  };
}

/** Keys of grants that are not stored yet, in front of the ring; none of a case that was erased here. */
class LearnedKeys {
  readonly #ring: KeyRing;
  readonly #wasErased: (caseId: string) => Promise<boolean>;
  /** By the agency that granted them. */
  readonly #granted = new Map<string, OpenedKey[]>();
  #drops: number;

  constructor(ring: KeyRing, wasErased: (caseId: string) => Promise<boolean>) {
    this.#ring = ring;
    this.#wasErased = wasErased;
    this.#drops = ring.drops;
  }

  async take({ source, payload, time }: ReceivedEvent, receiver: string): Promise<void> {
    const receipt = { grantedBy: source, receiver, caseId: payload.caseId, receivedAt: time };
    const keys = await this.#unerased(keysIn(payload.data as unknown as KeysGrantedV1Data, receipt));
    this.#granted.set(source, [...(this.#granted.get(source) ?? []), ...keys]);
  }

  /** Asked again where something was dropped meanwhile: that may have been one of these cases. */
  async #unerased(keys: readonly OpenedKey[]): Promise<readonly OpenedKey[]> {
    for (;;) {
      const { drops } = this.#ring;
      const erased = new Set<string>();
      for (const caseId of new Set(keys.map((key) => key.caseId))) {
        if (this.#ring.isErased(caseId) || (await this.#wasErased(caseId))) erased.add(caseId);
      }
      if (this.#ring.drops !== drops) continue;
      this.#ring.noteErased([...erased]);
      this.#forgetDropped();
      return keys.filter(({ caseId }) => !erased.has(caseId));
    }
  }

  forget(granters: ReadonlySet<string>): void {
    for (const granter of granters) this.#granted.delete(granter);
  }

  /** What was dropped since may be one of these. */
  #forgetDropped(): void {
    if (this.#ring.drops !== this.#drops) this.#granted.clear();
    this.#drops = this.#ring.drops;
  }

  #keyOf(keyId: string, source: string): OpenedKey | undefined {
    this.#forgetDropped();
    for (const keys of this.#granted.values()) {
      const found = keys.find((known) => known.key.keyId === keyId && known.source === source);
      if (found !== undefined && !this.#ring.isErased(found.caseId)) return found;
    }
    return undefined;
  }

  lookup(): KeyLookup {
    const ring = this.#ring;
    return lookupOver(ring, {
      keyOf: (keyId, source) => ring.keyOf(keyId, source) ?? this.#keyOf(keyId, source),
    });
  }
}

/** None of a grant that does not hold: it is refused by the policy, and shown. */
function keysIn(data: KeysGrantedV1Data, receipt: GrantReceipt): readonly OpenedKey[] {
  try {
    return readGrant(data, receipt);
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}
