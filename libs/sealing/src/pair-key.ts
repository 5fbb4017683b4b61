import type { KeyObject } from 'node:crypto';
import { expandKey, extractKey } from './hkdf.ts';
import { HmacKey } from './hmac-key.ts';
import { agreedSecret } from './x25519.ts';

/** The two ends of what goes from one agency to another, and the sealing keys they use for it. */
export interface PairEnds {
  /** Id of the network: hash of its genesis statement, hex. */
  readonly network: string;
  readonly sender: string;
  readonly receiver: string;
  readonly senderKeyId: string;
  readonly receiverKeyId: string;
}

/**
 * The key that tags and wraps what `sender` publishes for `receiver`. Either end computes it from its own private and the
 * other's public sealing key. It opens no content: what is inside is sealed once more, to a key that can be destroyed.
 *
 * @throws RangeError the other's public key is one that gives everybody the same secret
 */
export function pairKey(privateKey: KeyObject, publicKey: KeyObject, ends: PairEnds): HmacKey {
  const secret = agreedSecret(privateKey, publicKey);
  if (secret === null) throw new RangeError('no secret can be agreed with this sealing key');
  const { network, sender, receiver, senderKeyId, receiverKeyId } = ends;
  const label = ['acogida', 'v1', 'pair', network, sender, receiver, senderKeyId, receiverKeyId];
  return new HmacKey(expandKey(extractKey(secret), label));
}

/**
 * Names the receiver of one event to nobody but the two ends: 43 characters of base64url, as every key id has. Labels of keys
 * begin with `[`, so a tag is never one of them.
 */
export function pairTag(key: HmacKey, eventId: string): string {
  return key.digest(`tag\n${eventId}`, 'base64url');
}
