import { readFile } from 'node:fs/promises';
import { PassingFaultError } from './retrying.ts';
import type { RunFile } from './run-file.ts';
import { send } from './transport.ts';

/** The issuer refused the user: no such agency or role, or the wrong secret. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

/** Where bearer tokens come from. */
export interface TokenSource {
  /** A token of the development user `<agency>.<role>`; `renew` asks for a new one. */
  token(agency: string, role: string, renew?: boolean): Promise<string>;
}

/** A token is renewed this long before it ends, in milliseconds. */
const RENEWAL_MARGIN_MS = 30_000;

interface KeptToken {
  readonly token: Promise<string>;
  readonly usableUntilMs: () => number;
}

/** Asks the development issuer for tokens (client credentials) and keeps them until shortly before they end. */
export class IssuerTokens implements TokenSource {
  readonly #issuer: RunFile['issuer'];
  readonly #kept = new Map<string, KeptToken>();

  constructor(issuer: RunFile['issuer']) {
    this.#issuer = issuer;
  }

  /** @throws TokenRefusedError, PassingFaultError */
  async token(agency: string, role: string, renew = false): Promise<string> {
    const user = `${agency}.${role}`;
    const kept = this.#kept.get(user);
    if (!renew && kept !== undefined && kept.usableUntilMs() > Date.now()) return kept.token;
    let usableUntilMs = Number.POSITIVE_INFINITY;
    const token = this.#request(user).then((answer) => {
      usableUntilMs = Date.now() + answer.lifetimeMs - RENEWAL_MARGIN_MS;
      return answer.token;
    });
    const entry: KeptToken = { token, usableUntilMs: () => usableUntilMs };
    this.#kept.set(user, entry);
    token.catch(() => {
      if (this.#kept.get(user) === entry) this.#kept.delete(user);
    });
    return token;
  }

  async #request(user: string): Promise<{ token: string; lifetimeMs: number }> {
    const secret = (await readFile(this.#issuer.secretFile, 'utf8')).trim();
    const answer = await send(this.#issuer.tokenEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(user)}:${encodeURIComponent(secret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: this.#issuer.audience }).toString(),
    });
    const body = answer.body as { access_token?: unknown; expires_in?: unknown; error?: unknown } | null;
    if (answer.status >= 400 && answer.status < 500) {
      const reason = typeof body?.error === 'string' ? body.error : `status ${answer.status}`;
      throw new TokenRefusedError(`the issuer gives no token to ${user} (${reason})`);
    }
    if (answer.status !== 200 || typeof body?.access_token !== 'string') {
      throw new PassingFaultError(`the issuer answered ${answer.status}`);
    }
    return { token: body.access_token, lifetimeMs: (Number(body.expires_in) || 60) * 1_000 };
  }
}
