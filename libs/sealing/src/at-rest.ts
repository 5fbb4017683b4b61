import type { Instant } from '@acogida/core';
import { decrypt, type SealContext } from './aead.ts';
import { BrokenSealError } from './port.ts';
import type { SealingKey } from './sealing-key.ts';
import { decryptRoom, deskWith, encryptRoom, labelBytes, roomBehind } from './xchacha20-poly1305.ts';

/** Where an event stands, with what its row says in clear. */
export interface EventAtRest {
  readonly use: 'event';
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly recordedAt: Instant;
}

/** Where an encrypted text stands. It opens nowhere else. */
export type AtRestPlace =
  | EventAtRest
  | { readonly use: 'reply'; readonly key: string }
  | { readonly use: 'job'; readonly id: string }
  | { readonly use: 'vault'; readonly caseId: string; readonly field: string; readonly version: number };

const FORM = '~2.';
/** AES-256-GCM, as `encrypt` of `aead.ts` writes it. */
const FIRST_FORM = '~1.';
const KEY_ID_END = FORM.length + 43;
/** Begins the bytes of an event. No text begins with it. */
const EVENT_FORM = 3;

function contextOf(place: AtRestPlace, version: 'v1' | 'v2'): SealContext {
  const label = ['acogida', version, 'at-rest', place.use];
  switch (place.use) {
    case 'event':
      return [...label, place.id, place.stream, place.version];
    case 'reply':
      return [...label, place.key];
    case 'job':
      return [...label, place.id];
    case 'vault':
      return [...label, place.caseId, place.field, place.version];
  }
}

function placeBytes(place: AtRestPlace): Buffer {
  return labelBytes(JSON.stringify(contextOf(place, 'v2')));
}

/** Encrypts a text for a node's own tables: `~2.<key id>.<base64>`. JSON never begins with `~`. Lengths are not hidden. */
export function protectText(key: SealingKey, place: AtRestPlace, text: string): string {
  const sealed = encryptRoom(key.atRest.expose(), placeBytes(place), deskWith(text));
  return `${FORM}${key.keyId}.${sealed.toString('base64')}`;
}

/** JSON; ids and times are of an alphabet that it leaves as it is. */
function eventPlaceBytes({ use, id, stream, version, schemaVersion, recordedAt }: EventAtRest): Buffer {
  const place = `"${id}",${JSON.stringify(stream)},${version},${schemaVersion},"${recordedAt}"`;
  return labelBytes(`["acogida","v3","at-rest","${use}",${place}]`);
}

/**
 * Encrypts what an event says beside what its row says in clear: a byte that names the form, nonce, ciphertext, tag. The name of the
 * key stands beside it. Lengths are not hidden.
 */
export function protectEvent(key: SealingKey, place: EventAtRest, text: string): Buffer {
  return encryptRoom(key.atRest.expose(), eventPlaceBytes(place), roomBehind(EVENT_FORM, text));
}

/** Decrypts, where they stand, bytes of `protectEvent`. @throws BrokenSealError as `revealText` */
export function revealEvent(key: SealingKey, place: EventAtRest, kept: Buffer): string {
  const isOfForm = kept[0] === EVENT_FORM;
  const plain = isOfForm ? decryptRoom(key.atRest.expose(), eventPlaceBytes(place), kept.subarray(1)) : null;
  if (plain === null) throw new BrokenSealError('the event at rest does not fit its key or its place');
  return plain.toString('utf8');
}

/** Key id of a text that `protectText` wrote, in this form or the first; null for any other text. */
export function keyIdAtRest(text: string): string | null {
  return text.startsWith(FORM) || text.startsWith(FIRST_FORM) ? text.slice(FORM.length, KEY_ID_END) : null;
}

/** Decrypts what `protectText` wrote. @throws BrokenSealError another key, another place, or bytes that were changed */
export function revealText(key: SealingKey, place: AtRestPlace, text: string): string {
  const isOfKey = keyIdAtRest(text) === key.keyId && text[KEY_ID_END] === '.';
  const plain = isOfKey ? plainOf(key, place, text) : null;
  if (plain === null) throw new BrokenSealError('the text at rest does not fit its key or its place');
  return plain.toString('utf8');
}

function plainOf(key: SealingKey, place: AtRestPlace, text: string): Buffer | null {
  const bytes = Buffer.from(text.slice(KEY_ID_END + 1), 'base64');
  return text.startsWith(FORM)
    ? decryptRoom(key.atRest.expose(), placeBytes(place), bytes)
    : decrypt(key.atRestOfFirstForm, contextOf(place, 'v1'), bytes);
}
