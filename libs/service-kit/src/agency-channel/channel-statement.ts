import type { Clock, JsonObject } from '@acogida/core';
import { ed25519Key } from '@acogida/ledger';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { ChannelFault, type ChannelFaultReason } from './channel-fault.ts';
import { keyStandingOf, type OwnTransportKey, type TrustForChannel } from './transport-keys.ts';

const ALGORITHM = 'EdDSA';
/** How long a question says that it may be answered. */
const LIFETIME_SECONDS = 5 * 60;
/** How far clocks may be apart: a question that is heard twice is harmless, so this only keeps old ones from being dug up. */
const CLOCK_TOLERANCE_SECONDS = 15 * 60;

/** For how long after it was heard first a question may be sent again by whoever listened, in milliseconds. */
export const QUESTION_LIVES_MS = (LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1_000;

const TYPES = {
  request: 'acogida-channel-request+jwt',
  answer: 'acogida-channel-answer+jwt',
} as const;

/** What a statement is; one kind is never taken for the other. */
export type StatementKind = keyof typeof TYPES;

/** A statement whose signature was verified. */
export interface VerifiedStatement {
  /** Who signed it. */
  readonly from: string;
  readonly claims: JWTPayload;
}

/** What statements are signed and verified with. */
export interface StatementParts {
  readonly agencyId: string;
  readonly trust: TrustForChannel;
  readonly ownKey: () => OwnTransportKey | null;
  readonly clock: Clock;
}

/** Signs what this agency says on the channel, and verifies what others say to it: JWT under transport keys. */
export class ChannelStatements {
  readonly #parts: StatementParts;

  constructor(parts: StatementParts) {
    this.#parts = parts;
  }

  /** Whether this agency has a transport key to sign with now. */
  canSign(): boolean {
    return this.#parts.ownKey() !== null;
  }

  /** Null where this agency has no transport key to sign with. */
  async sign(kind: StatementKind, audience: string, claims: JsonObject): Promise<string | null> {
    const { agencyId, trust, ownKey, clock } = this.#parts;
    const own = ownKey();
    if (own === null) return null;
    const issuedAt = Math.floor(Date.parse(clock.now()) / 1000);
    const token = new SignJWT({ ...claims, network: trust.networkId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPES[kind], kid: own.keyId })
      .setIssuer(agencyId)
      .setAudience(audience)
      .setIssuedAt(issuedAt);
    if (kind === 'request') token.setExpirationTime(issuedAt + LIFETIME_SECONDS);
    return token.sign(own.privateKey);
  }

  /**
   * Who signed a statement for this agency, and what it says. The time of an answer does not matter: it names its question.
   *
   * @throws ChannelFault
   */
  async verify(kind: StatementKind, statement: string): Promise<VerifiedStatement> {
    const { agencyId, trust, clock } = this.#parts;
    const { from, keyId } = signatoryOf(statement);
    const standing = keyStandingOf(trust, from);
    if (standing.kind === 'UNKNOWN') throw new ChannelFault('UNKNOWN_AGENCY');
    if (standing.kind === 'ENDED') throw new ChannelFault('KEY_ENDED', from);
    const { transport } = standing.keys;
    if (keyId !== transport.keyId) throw new ChannelFault('KEY_NOT_IN_USE', from);
    try {
      const { payload } = await jwtVerify(statement, ed25519Key(transport.x), {
        ...{ algorithms: [ALGORITHM], typ: TYPES[kind], issuer: from, audience: agencyId },
        currentDate: new Date(clock.now()),
        ...(kind === 'request' ? { clockTolerance: CLOCK_TOLERANCE_SECONDS, maxTokenAge: LIFETIME_SECONDS } : {}),
      });
      if (payload['network'] !== trust.networkId) throw new ChannelFault('OTHER_NETWORK', from);
      return { from, claims: payload };
    } catch (error) {
      throw error instanceof ChannelFault ? error : new ChannelFault(reasonOf(error), from);
    }
  }
}

/** Who a statement says that it is from, and under which key: nothing of it is verified. @throws ChannelFault */
function signatoryOf(statement: string): { readonly from: string; readonly keyId: string } {
  try {
    const { kid: keyId } = decodeProtectedHeader(statement);
    const { iss: from } = decodeJwt(statement);
    if (typeof keyId === 'string' && typeof from === 'string') return { from, keyId };
  } catch {
    // told below
  }
  throw new ChannelFault('MALFORMED');
}

function reasonOf(error: unknown): ChannelFaultReason {
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'OTHER_AUDIENCE';
    return error.claim === 'iat' ? 'EXPIRED' : 'MALFORMED';
  }
  return error instanceof errors.JWSSignatureVerificationFailed ? 'SIGNATURE' : 'MALFORMED';
}
