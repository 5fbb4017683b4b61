import { type Dispatcher, request } from 'undici';
import { SecretBytes } from '../secret-bytes.ts';
import { type Kms, KmsError, type Wrapped } from './port.ts';

const TIMEOUT_MS = 10_000;
const CIPHERTEXT = /^vault:v([1-9]\d*):/;

/** Where the master key is and how this node may use it. */
export interface TransitOptions {
  /** `https://vault.example:8200`, without a path. */
  readonly address: string;
  /** Name of a key of type `aes256-gcm96` in the transit engine, made by an operator for this node alone. */
  readonly key: string;
  /** Asked before each request: tokens are renewed by somebody else (an agent that writes a file, for instance). */
  readonly token: () => string | Promise<string>;
  /** Mount path of the engine, `transit` by default. */
  readonly mount?: string;
  /** How long a request may take, 10 s by default. */
  readonly timeoutMs?: number;
  readonly dispatcher?: Dispatcher;
}

/**
 * Master key in a transit secrets engine as HashiCorp Vault and OpenBao have it, over its HTTP API. The policy of the token needs
 * `update` on `encrypt`, `decrypt`, `keys/…/rotate`, `keys/…/config`, `keys/…/trim` and `read` on `keys/…`, all of this key.
 *
 * `destroyBelow` raises `min_decryption_version` and `min_encryption_version`, then trims: without trimming, the old version
 * would only be locked and whoever administers the engine could unlock it.
 */
export class TransitKms implements Kms {
  readonly name = 'transit';
  readonly #options: TransitOptions;

  constructor(options: TransitOptions) {
    this.#options = options;
  }

  async wrap(plain: SecretBytes): Promise<Wrapped> {
    const data = await this.#ask('POST', 'encrypt', '', { plaintext: plain.expose().toString('base64') });
    const wrapped = data['ciphertext'];
    const version = typeof wrapped === 'string' ? CIPHERTEXT.exec(wrapped)?.[1] : undefined;
    if (typeof wrapped !== 'string' || version === undefined) throw malformedAnswer();
    return { version: Number(version), wrapped };
  }

  async unwrap({ version, wrapped }: Wrapped): Promise<SecretBytes> {
    if (CIPHERTEXT.exec(wrapped)?.[1] !== String(version)) {
      throw new KmsError('KMS.UNWRAP_REFUSED', 'the text is of another version of the master key');
    }
    const { plaintext } = await this.#ask('POST', 'decrypt', '', { ciphertext: wrapped });
    if (typeof plaintext !== 'string') throw malformedAnswer();
    return new SecretBytes(Buffer.from(plaintext, 'base64'));
  }

  async rotate(): Promise<number> {
    await this.#ask('POST', 'keys', '/rotate', {});
    return (await this.#versions()).newest;
  }

  async destroyBelow(version: number): Promise<void> {
    const { newest, oldest } = await this.#versions();
    if (version > newest) throw new RangeError('there is no such version to keep');
    if (oldest >= version) return;
    await this.#ask('POST', 'keys', '/config', { min_decryption_version: version, min_encryption_version: version });
    await this.#ask('POST', 'keys', '/trim', { min_available_version: version });
  }

  async #versions(): Promise<{ readonly newest: number; readonly oldest: number }> {
    const { latest_version: newest, min_available_version: oldest } = await this.#ask('GET', 'keys', '');
    if (typeof newest !== 'number' || typeof oldest !== 'number') throw malformedAnswer();
    return { newest, oldest };
  }

  async #ask(
    method: 'GET' | 'POST',
    area: 'encrypt' | 'decrypt' | 'keys',
    rest: string,
    body?: Readonly<Record<string, string | number>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { address, key, mount = 'transit' } = this.#options;
    const url = new URL(`/v1/${mount}/${area}/${encodeURIComponent(key)}${rest}`, address);
    const { statusCode, text } = await this.#send(url, method, body === undefined ? null : JSON.stringify(body));
    if (statusCode >= 200 && statusCode < 300) return dataOf(text);
    throw refusal(statusCode, area);
  }

  async #token(): Promise<string> {
    try {
      return await this.#options.token();
    } catch {
      throw new KmsError('KMS.UNAVAILABLE', 'there is no token for the transit engine');
    }
  }

  async #send(url: URL, method: 'GET' | 'POST', body: string | null): Promise<{ statusCode: number; text: string }> {
    const { dispatcher, timeoutMs = TIMEOUT_MS } = this.#options;
    const headers = {
      'x-vault-token': await this.#token(),
      'x-vault-request': 'true',
      'content-type': 'application/json',
    };
    try {
      const answer = await request(url, {
        method,
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
        ...(dispatcher === undefined ? {} : { dispatcher }),
      });
      return { statusCode: answer.statusCode, text: await answer.body.text() };
    } catch {
      // What went wrong may quote the request, and the request holds a key.
      throw new KmsError('KMS.UNAVAILABLE', 'the transit engine cannot be reached');
    }
  }
}

/** 400 of `decrypt`: the version is too old or the text none of this key. 5xx, 412 and 429: sealed, standby, or too busy. */
function refusal(statusCode: number, area: string): KmsError {
  if (statusCode === 400 && area === 'decrypt') {
    return new KmsError('KMS.UNWRAP_REFUSED', 'the transit engine does not decrypt this');
  }
  const passing = statusCode >= 500 || [307, 408, 412, 429, 472, 473].includes(statusCode);
  return new KmsError(passing ? 'KMS.UNAVAILABLE' : 'KMS.REFUSED', `the transit engine answered ${statusCode}`);
}

/** Some operations answer 204 without a body. */
function dataOf(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  try {
    const { data } = JSON.parse(text) as { readonly data?: unknown };
    return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  } catch {
    throw malformedAnswer();
  }
}

function malformedAnswer(): KmsError {
  return new KmsError('KMS.REFUSED', 'the transit engine gave another kind of answer');
}
