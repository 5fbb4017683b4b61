import type { KeyObject } from 'node:crypto';
import type { Audience, GroupAudience, PairAudience } from './audience.ts';
import { type AtRestPlace, keyIdAtRest, protectText, revealText } from './at-rest.ts';
import { DevelopmentOpener } from './development-opener.ts';
import { openJwe, writeJwe } from './jwe-ecdh-es.ts';
import type { KeyLookup, NamedPair } from './key-ring.ts';
import { pairTag } from './pair-key.ts';
import {
  type EventToSeal,
  openForPair,
  openInChannel,
  type PairContent,
  sealForPair,
  sealInChannel,
  type SealedForLog,
} from './pair-seal.ts';
import { BrokenSealError, ErasedError, MissingKeyError, type SealHeader } from './port.ts';
import type { Randomness } from './randomness.ts';
import { openText, sealText } from './seal-format.ts';
import { makeSubject, type SealingKey } from './sealing-key.ts';
import type { KeyMention, Sealing, SealReading } from './sealing.ts';
import { makeX25519Pair } from './x25519.ts';

/** What sealing is done with. */
export interface CaseSealingOptions {
  /** The agency that seals, and that others seal for. */
  readonly agency: string;
  readonly ring: KeyLookup;
  readonly randomness: Randomness;
  /** Opens what was sealed before case keys were random; left out where there is no development secret. */
  readonly development?: DevelopmentOpener;
}

const SEALED: SealReading = { kind: 'sealed', addressed: false };
const SEALED_FOR_US: SealReading = { kind: 'sealed', addressed: true };

/** Sealing with random keys per case, audience and epoch, and with the keys that two agencies share. */
export class CaseSealing implements Sealing {
  readonly #options: CaseSealingOptions;
  /** Offer key that an envelope was to last: what follows is likely to the same one, and each that is tried costs an agreement. */
  #lastOffer: string | undefined;

  constructor(options: CaseSealingOptions) {
    this.#options = options;
  }

  seal(
    event: EventToSeal & { readonly caseId: string | null; readonly audience: Audience; readonly text: string },
  ): SealedForLog {
    const { audience } = event;
    return typeof audience === 'string' ? this.#sealForGroup(event, audience) : this.#sealForPair(event, audience);
  }

  read(header: SealHeader, data: string): SealReading {
    if (DevelopmentOpener.recognises(header.keyId)) return this.#readDevelopment(header, data);
    const opened = this.#options.ring.keyOf(header.keyId, header.source);
    if (opened === undefined) return this.#readPair(header, data);
    const { subject, caseId, audience, epoch, key } = opened;
    if (subject !== header.subject || audience === 'own') {
      throw new BrokenSealError('the key is of another pseudonym', caseId);
    }
    const text = openUnder(key, caseId, header, data);
    return { kind: 'opened', text, lane: null, via: { under: 'group', caseId, audience, epoch } };
  }

  unknownKeys(headers: readonly KeyMention[]): readonly string[] {
    const { ring, agency } = this.#options;
    const unknown = headers.filter(
      ({ keyId, source = agency }) => !DevelopmentOpener.recognises(keyId) && ring.keyOf(keyId, source) === undefined,
    );
    return [...new Set(unknown.map(({ keyId }) => keyId))];
  }

  protect(
    caseId: string | null,
    place: AtRestPlace,
    text: string,
  ): { readonly text: string; readonly sealedBy: string | null } {
    if (caseId === null) return { text, sealedBy: null };
    const key = this.#options.ring.current(caseId)?.keys.own;
    if (key === undefined) throw new MissingKeyError('the case has no open epoch here');
    return { text: protectText(key, place, text), sealedBy: key.keyId };
  }

  reveal(place: AtRestPlace, text: string): string {
    const keyId = keyIdAtRest(text);
    if (keyId === null) return text;
    const { ring, agency } = this.#options;
    const opened = ring.keyOf(keyId, agency);
    if (opened !== undefined) return revealText(opened.key, place, text);
    if (ring.isGone(keyId)) throw new ErasedError('the key of this text was destroyed');
    throw new MissingKeyError('the key of this text was not loaded');
  }

  #sealForGroup(
    event: EventToSeal & { readonly caseId: string | null; readonly text: string },
    audience: GroupAudience,
  ): SealedForLog {
    const set = event.caseId === null ? undefined : this.#options.ring.current(event.caseId);
    if (set === undefined) throw new MissingKeyError('the case has no open epoch here');
    const { id, source, class: clearClass } = event;
    const { keyId, extracted } = set.keys[audience];
    const header = { id, source, class: clearClass, subject: set.subject, keyId };
    return { subject: set.subject, keyId, data: sealText(extracted, header, event.text) };
  }

  #sealForPair(
    event: EventToSeal & { readonly caseId: string | null; readonly text: string },
    audience: PairAudience,
  ): SealedForLog {
    const key = this.#options.ring.pairKeyTo(audience.to);
    if (key === undefined) throw new MissingKeyError('the agency has published no sealing key');
    const subject = makeSubject(this.#options.randomness);
    return sealForPair(key, event, subject, this.#contentFor(event, audience, subject));
  }

  #contentFor(
    event: EventToSeal & { readonly caseId: string | null; readonly text: string },
    audience: PairAudience,
    subject: string,
  ): PairContent {
    const { ring } = this.#options;
    const { to, under } = audience;
    switch (under) {
      case 'offer-key': {
        const offerKey = ring.offerKeyOf(to);
        if (offerKey === undefined) throw new MissingKeyError('the agency has published no offer key');
        return { to: under, jwe: this.#envelope(offerKey, to, event.text) };
      }
      case 'member-key': {
        const member = event.caseId === null ? undefined : ring.memberKeyOf(event.caseId, to);
        if (member === undefined) throw new MissingKeyError('the agency has no key pair of this case');
        return { to: under, hint: member.hint, jwe: this.#envelope(member.publicKey, to, event.text) };
      }
      case 'channel': {
        const { channelId } = audience;
        const channel = ring.channel(channelId);
        if (channel?.peer !== to) throw new MissingKeyError('there is no such channel to the agency');
        return { to: under, channelId, data: sealInChannel(channel.key, event, subject, event.text) };
      }
    }
  }

  #envelope(publicKey: KeyObject, receiver: string, text: string): string {
    const { agency, randomness } = this.#options;
    return writeJwe(publicKey, makeX25519Pair(randomness), { sender: agency, receiver }, text);
  }

  #readDevelopment(header: SealHeader, data: string): SealReading {
    const { development } = this.#options;
    if (development === undefined) return SEALED;
    try {
      const text = development.open(header, data);
      return { kind: 'opened', text, lane: null, via: { under: 'development' } };
    } catch (error) {
      if (error instanceof MissingKeyError) return SEALED;
      throw error;
    }
  }

  #readPair(header: SealHeader, data: string): SealReading {
    for (const key of this.#options.ring.pairKeysFrom(header.source)) {
      if (pairTag(key, header.id) === header.keyId) return this.#readContent(header, openForPair(key, header, data));
    }
    return SEALED;
  }

  /** Likeliest first. */
  #offerPairs(): readonly NamedPair[] {
    const pairs = this.#options.ring.offerPairs();
    const last = pairs.find(({ keyId }) => keyId === this.#lastOffer);
    return last === undefined ? pairs : [last, ...pairs.filter((pair) => pair !== last)];
  }

  #readContent(header: SealHeader, content: PairContent): SealReading {
    const { agency, ring } = this.#options;
    const parties = { sender: header.source, receiver: agency };
    switch (content.to) {
      case 'offer-key': {
        const opened = openJwe(content.jwe, this.#offerPairs(), parties);
        if (opened === null) return SEALED_FOR_US;
        const { text, key } = opened;
        this.#lastOffer = key.keyId;
        return { kind: 'opened', text, lane: null, via: { under: 'offer-key', keyId: key.keyId } };
      }
      case 'member-key': {
        const pair = ring.memberPair(content.hint);
        if (pair === undefined) return { kind: 'wanting', wanted: { memberHints: [content.hint] } };
        const opened = openJwe(content.jwe, [pair], parties);
        if (opened === null) throw new BrokenSealError('the envelope is not to the key pair that it names');
        return { kind: 'opened', text: opened.text, lane: null, via: { under: 'member-key', caseId: pair.caseId } };
      }
      case 'channel': {
        const { channelId } = content;
        const channel = ring.channel(channelId);
        if (channel === undefined) return { kind: 'wanting', wanted: { channels: [channelId] } };
        if (channel.peer !== header.source) throw new BrokenSealError('the channel is with another agency');
        const text = openInChannel(channel.key, header, content.data);
        return { kind: 'opened', text, lane: channelId, via: { under: 'channel', channelId } };
      }
    }
  }
}

/** @throws BrokenSealError with the case of the key: what comes after it there has to wait */
function openUnder({ extracted }: SealingKey, caseId: string, header: SealHeader, data: string): string {
  try {
    return openText(extracted, header, data);
  } catch (error) {
    throw error instanceof BrokenSealError ? new BrokenSealError(error.message, caseId) : error;
  }
}
