/** Why something on the channel is not taken for the word of an agency, or not answered. */
export type ChannelFaultReason =
  /** It does not open with any key that it may have been sealed to. */
  | 'NOT_FOR_US'
  | 'MALFORMED'
  | 'UNKNOWN_AGENCY'
  /** The agency has no key that counts any more. */
  | 'KEY_ENDED'
  /** Signed under another key than the one in use: a rotation was not heard yet, or the key has ended. */
  | 'KEY_NOT_IN_USE'
  | 'SIGNATURE'
  /** Signed for another agency. */
  | 'OTHER_AUDIENCE'
  /** Signed in another network. */
  | 'OTHER_NETWORK'
  | 'EXPIRED'
  /** An answer of another agency than the one that was asked. */
  | 'OTHER_AGENCY'
  /** An answer to another question, or to the same one asked another time. */
  | 'OTHER_REQUEST'
  /** An answer longer than any. */
  | 'OVERSIZED';

/** Something on the channel is not what it says; the message holds the reason and no value. */
export class ChannelFault extends Error {
  override readonly name = 'ChannelFault';
  readonly reason: ChannelFaultReason;
  /** Who it says that it is from, where such an agency is known; anybody can say so. */
  readonly claimed: string | null;

  constructor(reason: ChannelFaultReason, claimed: string | null = null) {
    super(`the channel takes this for nobody's word: ${reason}`);
    this.reason = reason;
    this.claimed = claimed;
  }
}
