import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { listenWithinReach } from '@acogida/testing';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface TransitKey {
  readonly versions: Map<number, Buffer>;
  latest: number;
  minDecryption: number;
  minEncryption: number;
  minAvailable: number;
}

type Answer = readonly [status: number, body?: unknown];
type Body = Readonly<Record<string, unknown>>;

const refused = (status: number, message: string): Answer => [status, { errors: [message] }];

/**
 * A server that speaks the part of the transit secrets engine's HTTP API that `TransitKms` uses, as HashiCorp documents it: for
 * specs only. It keeps its keys in memory and counts what it was asked.
 */
export class TransitServer {
  readonly token = randomBytes(16).toString('hex');
  /** Method and path of every request, oldest first. */
  readonly requests: string[] = [];
  /** Answers 503 to everything while true, as a sealed server does. */
  sealed = false;
  readonly #keys = new Map<string, TransitKey>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  /** Starts on a free port of this machine and returns the address. */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await listenWithinReach(this.#server)}`;
  }

  /** Stops and ends open connections. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What an operator does with `vault write -f transit/keys/<name>`. */
  createKey(name: string): void {
    const versions = new Map([[1, randomBytes(32)]]);
    this.#keys.set(name, { versions, latest: 1, minDecryption: 1, minEncryption: 0, minAvailable: 0 });
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    const body = await bodyOf(request);
    if (this.sealed) return refused(503, 'Vault is sealed');
    if (request.headers['x-vault-token'] !== this.token) return refused(403, 'permission denied');
    const [, area, name = '', action] = /^\/v1\/transit\/(encrypt|decrypt|keys)\/([^/]+)(?:\/(\w+))?$/.exec(url) ?? [];
    const key = this.#keys.get(name);
    if (key === undefined) return refused(area === 'keys' ? 404 : 400, 'encryption key not found');
    switch (`${method} ${[area, action].filter(Boolean).join('/')}`) {
      case 'POST encrypt':
        return encrypted(key, body);
      case 'POST decrypt':
        return decrypted(key, body);
      case 'GET keys':
        return [200, { data: { type: 'aes256-gcm96', name, ...settingsOf(key) } }];
      case 'POST keys/rotate':
        return rotated(key);
      case 'POST keys/config':
        return configured(key, body);
      case 'POST keys/trim':
        return trimmed(key, body);
      default:
        return refused(405, 'unsupported operation');
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const part of request) text += String(part);
  return text === '' ? {} : (JSON.parse(text) as Body);
}

function settingsOf(key: TransitKey): object {
  return {
    keys: Object.fromEntries([...key.versions.keys()].map((version) => [version, 1_795_305_600])),
    latest_version: key.latest,
    min_decryption_version: key.minDecryption,
    min_encryption_version: key.minEncryption,
    min_available_version: key.minAvailable,
  };
}

function encrypted(key: TransitKey, { plaintext }: Body): Answer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.versions.get(key.latest) ?? '', nonce);
  const bytes = Buffer.concat([
    nonce,
    cipher.update(Buffer.from(String(plaintext), 'base64')),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return [200, { data: { ciphertext: `vault:v${key.latest}:${bytes.toString('base64')}`, key_version: key.latest } }];
}

function decrypted(key: TransitKey, { ciphertext }: Body): Answer {
  const [, digits, text = ''] = /^vault:v(\d+):(.+)$/.exec(String(ciphertext)) ?? [];
  const version = Number(digits);
  if (version < key.minDecryption) {
    return refused(400, 'ciphertext or signature version is disallowed by policy (too old)');
  }
  const secret = key.versions.get(version);
  const bytes = Buffer.from(text, 'base64');
  if (secret === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return refused(400, 'invalid ciphertext');
  try {
    const decipher = createDecipheriv(CIPHER, secret, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return [200, { data: { plaintext: plain.toString('base64') } }];
  } catch {
    return refused(400, 'cipher: message authentication failed');
  }
}

function rotated(key: TransitKey): Answer {
  key.latest += 1;
  key.versions.set(key.latest, randomBytes(32));
  return [204];
}

function configured(
  key: TransitKey,
  { min_decryption_version: decryption, min_encryption_version: encryption }: Body,
): Answer {
  if (Number(decryption) > key.latest || Number(encryption) > key.latest) {
    return refused(400, 'cannot set a version beyond the latest one');
  }
  key.minDecryption = Number(decryption ?? key.minDecryption);
  key.minEncryption = Number(encryption ?? key.minEncryption);
  return [204];
}

function trimmed(key: TransitKey, { min_available_version: version }: Body): Answer {
  const least = Number(version);
  if (key.minEncryption === 0 || key.minDecryption === 0) {
    return refused(400, 'minimum encryption and decryption versions have to be set');
  }
  if (least > key.minEncryption || least > key.minDecryption || least < key.minAvailable) {
    return refused(400, 'minimum available version is out of range');
  }
  key.minAvailable = least;
  for (const old of [...key.versions.keys()].filter((known) => known < least)) key.versions.delete(old);
  return [204];
}
