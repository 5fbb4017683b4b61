import { createHash } from 'node:crypto';
import type { HmacKey } from './hmac-key.ts';
import { pairTag } from './pair-key.ts';
import { BrokenSealError, type SealHeader } from './port.ts';
import { openText, PAIR_SHAPE, sealText } from './seal-format.ts';
import type { SealingKey } from './sealing-key.ts';

/** An event before it has subject and key id. */
export interface EventToSeal {
  readonly id: string;
  /** Agency that seals. */
  readonly source: string;
  readonly class: string;
}

/** An event as it goes on the log. */
export interface SealedForLog {
  readonly subject: string;
  readonly keyId: string;
  /** Base64. */
  readonly data: string;
}

/** What is inside an event to one agency: content under a key that can be destroyed. */
export type PairContent =
  | { readonly to: 'offer-key'; readonly jwe: string }
  | { readonly to: 'member-key'; readonly hint: string; readonly jwe: string }
  | { readonly to: 'channel'; readonly channelId: string; readonly data: string };

const MEMBER = /^m\.([0-9a-f]{32})\.(.+)$/;
const CHANNEL = /^c\.([0-9a-f-]{36})\.(.+)$/;
const HINT_DIGITS = 32;

/** Which of its key pairs a member finds a grant to be for: the first 128 bits of SHA-256 of the public half, hex. */
export function memberKeyHint(x: string): string {
  return createHash('sha256').update(x, 'ascii').digest('hex').slice(0, HINT_DIGITS);
}

function outerText(content: PairContent): string {
  switch (content.to) {
    case 'offer-key':
      return `o.${content.jwe}`;
    case 'member-key':
      return `m.${content.hint}.${content.jwe}`;
    case 'channel':
      return `c.${content.channelId}.${content.data}`;
  }
}

/**
 * Wraps content for one agency. Without the pair key nobody can tell an offer, an answer, a grant and a withdrawal apart, nor
 * whom they are to: all have a subject used once, a key id of one length, and a size class of at least 4096 bytes.
 *
 * @param subject 32 hex digits, used for nothing else
 * @throws DomainError `SEALING.TEXT_TOO_LARGE`
 */
export function sealForPair(key: HmacKey, event: EventToSeal, subject: string, content: PairContent): SealedForLog {
  const { id, source, class: clearClass } = event;
  const keyId = pairTag(key, id);
  const data = sealText(key, { id, source, class: clearClass, subject, keyId }, outerText(content), PAIR_SHAPE);
  return { subject, keyId, data };
}

/** Unwraps what `sealForPair` wrote. @throws BrokenSealError */
export function openForPair(key: HmacKey, header: SealHeader, data: string): PairContent {
  const text = openText(key, header, data, PAIR_SHAPE);
  if (text.startsWith('o.')) return { to: 'offer-key', jwe: text.slice(2) };
  const [, hint, jwe] = MEMBER.exec(text) ?? [];
  if (hint !== undefined && jwe !== undefined) return { to: 'member-key', hint, jwe };
  const [, channelId, inner] = CHANNEL.exec(text) ?? [];
  if (channelId !== undefined && inner !== undefined) return { to: 'channel', channelId, data: inner };
  throw new BrokenSealError('the content is neither offer, grant nor word in a channel');
}

/** Seals a word in a channel, bound to the event that carries it. @throws DomainError `SEALING.TEXT_TOO_LARGE` */
export function sealInChannel(channel: SealingKey, event: EventToSeal, subject: string, text: string): string {
  const { id, source, class: clearClass } = event;
  return sealText(channel.extracted, { id, source, class: clearClass, subject, keyId: channel.keyId }, text);
}

/** Opens what `sealInChannel` wrote. @throws BrokenSealError */
export function openInChannel(channel: SealingKey, header: SealHeader, data: string): string {
  return openText(channel.extracted, { ...header, keyId: channel.keyId }, data);
}
