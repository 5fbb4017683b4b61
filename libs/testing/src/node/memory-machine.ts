import { MemoryDatabase } from '@acogida/event-store';
import { MemoryKeyRows, MemoryKms } from '@acogida/sealing';
import { MemoryDeadlineStore, MemoryPeerOfferKeys } from '@acogida/service-kit';

/** What of a simulated node outlives its process: its database, and the master key that the KMS keeps for it. */
export class MemoryMachine {
  readonly database = new MemoryDatabase();
  readonly deadlines = new MemoryDeadlineStore((work) => this.database.transaction(work));
  /** Wrapped keys, own and granted. */
  readonly keyRows = new MemoryKeyRows();
  /** Offer keys of others. */
  readonly peerOfferKeys = new MemoryPeerOfferKeys();
  readonly kms = new MemoryKms();

  constructor() {
    this.database.join(this.deadlines);
  }
}
