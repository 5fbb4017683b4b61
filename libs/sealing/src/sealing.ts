import type { Audience, KeyAudience } from './audience.ts';
import type { AtRestPlace } from './at-rest.ts';
import type { SealedForLog } from './pair-seal.ts';
import type { SealHeader } from './port.ts';
import type { WantedKeys } from './ring-filling.ts';

/** How an event was opened. A `caseId` is that of the key: the text has to say the same. */
export type OpenedVia =
  | { readonly under: 'group'; readonly caseId: string; readonly audience: KeyAudience; readonly epoch: number }
  | { readonly under: 'offer-key'; readonly keyId: string }
  | { readonly under: 'member-key'; readonly caseId: string }
  | { readonly under: 'channel'; readonly channelId: string }
  | { readonly under: 'development' };

/** What a node can make of a sealed event. */
export type SealReading =
  | {
      readonly kind: 'opened';
      readonly text: string;
      /** What keeps the events of one channel in order, although each has its own subject; null: the subject does. */
      readonly lane: string | null;
      readonly via: OpenedVia;
    }
  /** To this agency alone, under a key that is not in the ring. Read again after loading; still wanting, it was destroyed. */
  | { readonly kind: 'wanting'; readonly wanted: WantedKeys }
  /** Not for this node, or under a key that was destroyed. `addressed`: it is to this agency, whatever it said. */
  | { readonly kind: 'sealed'; readonly addressed: boolean };

/** A key as a text names it: of an agency, or at rest and then of this one. */
export interface KeyMention {
  readonly keyId: string;
  readonly source?: string;
}

/** Seals what goes on the log, opens what comes from it, and encrypts what a node keeps. All of it synchronous. */
export interface Sealing {
  /**
   * Seals an event for a circle, under the agency's open epoch of the case, or for one agency alone.
   *
   * @param event `caseId` may be null in a channel and for offers
   * @throws MissingKeyError the key is not in the ring; DomainError `SEALING.TEXT_TOO_LARGE`
   */
  seal(event: {
    readonly id: string;
    readonly source: string;
    readonly class: string;
    readonly caseId: string | null;
    readonly audience: Audience;
    readonly text: string;
  }): SealedForLog;
  /** Opens an event. @throws BrokenSealError it can never be opened by anybody */
  read(header: SealHeader, data: string): SealReading;
  /** Key ids that are not in the ring: load them before a page is read. */
  unknownKeys(headers: readonly KeyMention[]): readonly string[];
  /**
   * Encrypts a text at rest under the case's own key; a text of no case stays as it is.
   *
   * @throws MissingKeyError the case has no keys in the ring
   */
  protect(
    caseId: string | null,
    place: AtRestPlace,
    text: string,
  ): { readonly text: string; readonly sealedBy: string | null };
  /**
   * Decrypts what `protect` gave.
   *
   * @throws ErasedError the key was looked for in storage and is not there; MissingKeyError it was not looked for;
   *   BrokenSealError
   */
  reveal(place: AtRestPlace, text: string): string;
}
