import { hash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Problem } from '../http/problem.ts';

/** Where tokens come from. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** Left out: found by OpenID Connect discovery at the issuer. */
  readonly jwksUri?: string;
}

/** The claims of a verified token that matter here. */
export interface VerifiedToken {
  readonly subject: string;
  readonly agency: string;
  readonly roles: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Signature algorithms that are accepted; `none` and shared-secret ones never. */
export const TOKEN_ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] as const;

const CACHE_SIZE = 2_000;
const DISCOVERY_TIMEOUT_MS = 5_000;
const MAX_SUBJECT_LENGTH = 150;

function invalid(code: string, detail: string): Problem {
  return new Problem(401, code, detail, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
}

function unavailable(): Problem {
  return new Problem(503, 'AUTH.KEYS_UNAVAILABLE', 'the keys of the token issuer cannot be fetched at the moment', {
    headers: { 'retry-after': '2' },
  });
}

function claimsOf(payload: JWTPayload): VerifiedToken {
  const { sub, exp, agency, roles } = payload;
  const complete =
    typeof sub === 'string' &&
    sub.length > 0 &&
    sub.length <= MAX_SUBJECT_LENGTH &&
    typeof exp === 'number' &&
    typeof agency === 'string' &&
    Array.isArray(roles) &&
    roles.every((role): role is string => typeof role === 'string');
  if (!complete) throw invalid('AUTH.TOKEN_INVALID', 'the token lacks sub, agency or roles');
  return { subject: sub, agency, roles, expiresAtMs: exp * 1000 };
}

/** The problem that a failed verification becomes: 401 when the token is at fault, 503 when the issuer cannot be reached. */
function verificationProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof errors.JWTExpired) return invalid('AUTH.TOKEN_EXPIRED', 'the token has expired');
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return unavailable();
  // jose throws its bare base class when the key set answers with anything but 200
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
    return invalid('AUTH.TOKEN_INVALID', 'the token cannot be verified');
  }
  return unavailable();
}

/**
 * Verifies bearer tokens: signature by a key of the issuer, algorithm, issuer, audience, time. A verified token is
 * remembered until it expires, in a cache of bounded size, under its hash.
 */
export class TokenVerifier {
  private readonly verified = new Map<string, VerifiedToken>();
  private keys: JWTVerifyGetKey | undefined;

  /** @param keys given in specs; else the issuer's remote key set, fetched on first use and kept by jose */
  constructor(
    private readonly issuer: TokenIssuer,
    keys?: JWTVerifyGetKey,
  ) {
    this.keys = keys;
  }

  /** @throws Problem 401 AUTH.TOKEN_INVALID or AUTH.TOKEN_EXPIRED; 503 when the issuer's keys cannot be fetched */
  async verify(token: string): Promise<VerifiedToken> {
    const digest = hash('sha256', token, 'base64');
    const known = this.verified.get(digest);
    if (known !== undefined) {
      this.verified.delete(digest);
      if (known.expiresAtMs <= Date.now()) throw invalid('AUTH.TOKEN_EXPIRED', 'the token has expired');
      this.verified.set(digest, known); // most recently used last
      return known;
    }
    const claims = await this.check(token);
    this.verified.set(digest, claims);
    if (this.verified.size > CACHE_SIZE) {
      const oldest = this.verified.keys().next();
      if (oldest.done !== true) this.verified.delete(oldest.value);
    }
    return claims;
  }

  private async check(token: string): Promise<VerifiedToken> {
    try {
      const { payload } = await jwtVerify(token, await this.keySet(), {
        issuer: this.issuer.issuer,
        audience: this.issuer.audience,
        algorithms: [...TOKEN_ALGORITHMS],
        requiredClaims: ['sub', 'exp'],
      });
      return claimsOf(payload);
    } catch (error) {
      throw verificationProblem(error);
    }
  }

  private async keySet(): Promise<JWTVerifyGetKey> {
    this.keys ??= createRemoteJWKSet(new URL(this.issuer.jwksUri ?? (await this.discover())), {
      timeoutDuration: DISCOVERY_TIMEOUT_MS,
    });
    return this.keys;
  }

  private async discover(): Promise<string> {
    const base = this.issuer.issuer.replace(/\/$/, '');
    const response = await fetch(`${base}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
    });
    if (!response.ok) throw unavailable();
    const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (document.issuer !== this.issuer.issuer || typeof document.jwks_uri !== 'string') throw unavailable();
    return document.jwks_uri;
  }
}
