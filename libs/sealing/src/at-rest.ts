import { decrypt, encrypt, type SealContext } from './aead.ts';
import { BrokenSealError } from './port.ts';
import type { SealingKey } from './sealing-key.ts';

/** Where an encrypted text stands. It opens nowhere else. */
export type AtRestPlace =
  | { readonly use: 'event'; readonly id: string; readonly stream: string; readonly version: number }
  | { readonly use: 'reply'; readonly key: string }
  | { readonly use: 'job'; readonly id: string }
  | { readonly use: 'vault'; readonly caseId: string; readonly field: string; readonly version: number };

const FORM = '~1.';
const KEY_ID_END = FORM.length + 43;

function contextOf(place: AtRestPlace): SealContext {
  const label = ['acogida', 'v1', 'at-rest', place.use];
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

/** Encrypts a text for a node's own tables: `~1.<key id>.<base64>`. JSON never begins with `~`. Lengths are not hidden. */
export function protectText(key: SealingKey, place: AtRestPlace, text: string): string {
  const bytes = encrypt(key.atRest, contextOf(place), Buffer.from(text, 'utf8'));
  return `${FORM}${key.keyId}.${bytes.toString('base64')}`;
}

/** Key id of a text that `protectText` wrote; null for any other text. */
export function keyIdAtRest(text: string): string | null {
  return text.startsWith(FORM) ? text.slice(FORM.length, KEY_ID_END) : null;
}

/** Decrypts what `protectText` wrote. @throws BrokenSealError another key, another place, or bytes that were changed */
export function revealText(key: SealingKey, place: AtRestPlace, text: string): string {
  const isOfKey = keyIdAtRest(text) === key.keyId && text[KEY_ID_END] === '.';
  const bytes = Buffer.from(text.slice(KEY_ID_END + 1), 'base64');
  const plain = isOfKey ? decrypt(key.atRest, contextOf(place), bytes) : null;
  if (plain === null) throw new BrokenSealError('the text at rest does not fit its key or its place');
  return plain.toString('utf8');
}
