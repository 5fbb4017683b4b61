import {
  BrokenSealError,
  DevelopmentSealer,
  MissingKeyError,
  type OpenedVia,
  type SealHeader,
  type SealReading,
} from '@acogida/sealing';
import type { InboxSealing } from '../inbox-port.ts';
import type { ReceivedEvent } from '../port.ts';
import { FOREIGN_SECRET, SIMULATED_SECRET } from './simulated-agency.ts';

/** Opens what simulated agencies publish, and what they seal for others as soon as a spec gives it the key. */
export class SpecSealing implements InboxSealing {
  /** Ids of the events of each page that was prepared. */
  readonly prepared: string[][] = [];
  /** Numbers of the events that it was told of. */
  readonly learned: number[] = [];
  /** How an event was opened; specs change it. */
  viaOf: (header: SealHeader) => OpenedVia = () => ({ under: 'development' });
  /** What an event of this type brings. */
  onLearn: (event: ReceivedEvent) => void = () => {};
  /** Events of others are wanting rather than sealed: `load` brings the key. */
  isLoadable = false;
  /** Ids of events for a circle that it is not in. */
  readonly hidden = new Set<string>();
  /** Ids of events that are to this node, under a key that it lost. */
  readonly lost = new Set<string>();
  readonly #sealers = [new DevelopmentSealer(SIMULATED_SECRET)];

  /** From now on it opens what was sealed for others. */
  giveKey(): void {
    this.#sealers.push(new DevelopmentSealer(FOREIGN_SECRET));
  }

  /** From now on it does not any more. */
  takeKey(): void {
    this.#sealers.splice(1);
  }

  async prepare(headers: readonly SealHeader[]): Promise<void> {
    this.prepared.push(headers.map(({ id }) => id));
  }

  async load(): Promise<void> {
    if (this.isLoadable) this.giveKey();
  }

  read(header: SealHeader, data: string): SealReading {
    if (this.lost.has(header.id)) return { kind: 'sealed', addressed: true };
    for (const sealer of this.hidden.has(header.id) ? [] : this.#sealers) {
      try {
        return { kind: 'opened', text: sealer.open(header, data), lane: null, via: this.viaOf(header) };
      } catch (error) {
        if (error instanceof BrokenSealError) throw new BrokenSealError(error.message, caseOf(this.viaOf(header)));
        if (!(error instanceof MissingKeyError)) throw error;
      }
    }
    return this.isLoadable
      ? { kind: 'wanting', wanted: { memberHints: ['hint'] } }
      : { kind: 'sealed', addressed: false };
  }

  learn(event: ReceivedEvent): void {
    this.learned.push(event.number);
    this.onLearn(event);
  }
}

/** As real keys say it of a broken seal. */
function caseOf(via: OpenedVia): string | null {
  return via.under === 'group' ? via.caseId : null;
}
