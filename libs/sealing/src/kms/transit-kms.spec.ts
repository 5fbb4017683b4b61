import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { listenWithinReach } from '@acogida/testing';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { SecretBytes } from '../secret-bytes.ts';
import { describeKmsConformance } from '../testing/kms-conformance.ts';
import { TransitServer } from '../testing/transit-server.ts';
import { TransitKms, type TransitOptions } from './transit-kms.ts';

const server = new TransitServer();
let address: string;

beforeAll(async () => {
  address = await server.start();
});

afterAll(() => server.stop());

afterEach(() => {
  server.sealed = false;
});

function newKey(changes: Partial<TransitOptions> = {}): { readonly key: string; readonly kms: TransitKms } {
  const key = `node-${randomUUID()}`;
  server.createKey(key);
  return { key, kms: openKms(key, changes) };
}

function openKms(key: string, changes: Partial<TransitOptions> = {}): TransitKms {
  return new TransitKms({ address, key, token: () => server.token, ...changes });
}

function seal(): void {
  server.sealed = true;
}

const secret = (): SecretBytes => new SecretBytes(Buffer.alloc(32, 5));

describeKmsConformance('TransitKms', async () => {
  const { key, kms } = newKey();
  return { kms, reopen: async () => openKms(key) };
});

describe('TransitKms', () => {
  it('asks as the transit engine is documented, and trims what it destroys', async () => {
    const { key, kms } = newKey();
    const asked = server.requests.length;
    const wrapped = await kms.wrap(secret());
    expect(wrapped.wrapped).toMatch(/^vault:v1:[A-Za-z0-9+/]+=*$/);
    await kms.unwrap(wrapped);
    await kms.rotate();
    await kms.destroyBelow(2);
    expect(server.requests.slice(asked)).toEqual([
      `POST /v1/transit/encrypt/${key}`,
      `POST /v1/transit/decrypt/${key}`,
      `POST /v1/transit/keys/${key}/rotate`,
      `GET /v1/transit/keys/${key}`,
      `GET /v1/transit/keys/${key}`,
      `POST /v1/transit/keys/${key}/config`,
      `POST /v1/transit/keys/${key}/trim`,
    ]);
  });

  it('asks for the token each time', async () => {
    let asked = 0;
    const { kms } = newKey({
      token: async () => {
        asked += 1;
        return server.token;
      },
    });
    await kms.unwrap(await kms.wrap(secret()));
    expect(asked).toBe(2);
  });

  it.each([
    ['a sealed server', 'KMS.UNAVAILABLE', 'the transit engine answered 503', () => seal(), {}],
    ['another token', 'KMS.REFUSED', 'the transit engine answered 403', () => {}, { token: () => 'hvs.another-token' }],
    [
      'a server that is not there',
      'KMS.UNAVAILABLE',
      'the transit engine cannot be reached',
      () => {},
      {
        address: 'http://127.0.0.1:9',
      },
    ],
  ] as const)('tells %s as %s', async (_, code, message, prepare, changes) => {
    const { kms } = newKey(changes);
    prepare();
    for (const refused of [kms.wrap(secret()), kms.unwrap({ version: 1, wrapped: 'vault:v1:AAAA' }), kms.rotate()]) {
      await expect(refused).rejects.toMatchObject({ name: 'KmsError', code, message });
    }
    await expect(kms.destroyBelow(1)).rejects.toMatchObject({ code });
  });

  it('unwraps nothing as of another version than the one that wrapped it', async () => {
    const { kms } = newKey();
    const { wrapped } = await kms.wrap(secret());
    await kms.rotate();
    for (const other of [
      { version: 2, wrapped },
      { version: 1, wrapped: 'AAAA' },
    ]) {
      await expect(kms.unwrap(other)).rejects.toMatchObject({ code: 'KMS.UNWRAP_REFUSED' });
    }
  });

  it('can be tried again when there is no token, and does not say why', async () => {
    const { kms } = newKey({ token: () => Promise.reject(new Error('hvs.a-token')) });
    await expect(kms.wrap(secret())).rejects.toMatchObject({
      name: 'KmsError',
      code: 'KMS.UNAVAILABLE',
      message: 'there is no token for the transit engine',
    });
  });

  it('refuses a key that nobody made', async () => {
    await expect(openKms('unknown').wrap(secret())).rejects.toMatchObject({ code: 'KMS.REFUSED' });
  });

  it('gives up on a server that does not answer in time', async () => {
    const silent = createServer(() => {});
    const port = await listenWithinReach(silent);
    const { kms } = newKey({ address: `http://127.0.0.1:${port}`, timeoutMs: 20 });
    await expect(kms.wrap(secret())).rejects.toMatchObject({ code: 'KMS.UNAVAILABLE' });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each(['{"data":{}}', 'no JSON', '[]', '{"data":{"ciphertext":"v1:AAAA","plaintext":7}}'])(
    'refuses an answer of another kind: %s',
    async (answer) => {
      const other = createServer((_, response) => response.end(answer));
      const port = await listenWithinReach(other);
      const { kms } = newKey({ address: `http://127.0.0.1:${port}` });
      const answered = [kms.wrap(secret()), kms.unwrap({ version: 1, wrapped: 'vault:v1:AAAA' }), kms.rotate()];
      for (const refused of answered) await expect(refused).rejects.toMatchObject({ code: 'KMS.REFUSED' });
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    },
  );

  it('never shows token or secret in an error', async () => {
    const { kms } = newKey({ token: () => 'hvs.a-token-that-is-not-known' });
    const error: unknown = await kms.wrap(secret()).catch((refused: unknown) => refused);
    const shown = inspect(error, { depth: 9, showHidden: true });
    expect(shown).not.toContain('hvs.');
    expect(shown).not.toContain(Buffer.alloc(32, 5).toString('base64'));
  });
});
