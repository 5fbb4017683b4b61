import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenWithinReach } from '@acogida/testing';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { TokenVerifier } from './token-verifier.ts';

const AUDIENCE = 'urn:acogida';
let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
let jwk: JWK;
let server: Server | undefined;
let keyRequests = 0;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  privateKey = pair.privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
});

afterEach(() => {
  server?.close();
  server = undefined;
  keyRequests = 0;
});

/** An issuer that publishes its keys, unless told to say something else about itself. */
async function issuer(claimed?: string, keysStatus = 200): Promise<string> {
  server = createServer((request, response) => {
    const { port } = server?.address() as AddressInfo;
    const self = `http://127.0.0.1:${port}`;
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: claimed ?? self, jwks_uri: `${self}/keys` }));
      return;
    }
    keyRequests += 1;
    response.statusCode = keysStatus;
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  return `http://127.0.0.1:${await listenWithinReach(server)}`;
}

function token(
  from: string,
  claims: Record<string, unknown> = { agency: 'cr-conatt', roles: ['import'] },
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setSubject('cr-conatt.import')
    .setIssuer(from)
    .setAudience(AUDIENCE)
    .setExpirationTime('1h')
    .sign(privateKey);
}

describe('the token verifier', () => {
  it('finds the keys by discovery, fetches them once, and reads the claims', async () => {
    const from = await issuer();
    const verifier = new TokenVerifier({ issuer: from, audience: AUDIENCE });
    const text = await token(from);
    const claims = await verifier.verify(text);
    expect(claims).toEqual({
      subject: 'cr-conatt.import',
      agency: 'cr-conatt',
      roles: ['import'],
      expiresAtMs: expect.any(Number),
    });
    expect(await verifier.verify(text)).toBe(claims);
    await verifier.verify(await token(from, { agency: 'cr-conatt', roles: [] }));
    expect(keyRequests).toBe(1);
  });

  it('takes the address of the keys from the configuration where it is given', async () => {
    const from = await issuer('https://public.test');
    const verifier = new TokenVerifier({ issuer: 'https://public.test', audience: AUDIENCE, jwksUri: `${from}/keys` });
    expect((await verifier.verify(await token('https://public.test'))).agency).toBe('cr-conatt');
  });

  it.each([
    ['agency', { roles: ['import'] }],
    ['roles', { agency: 'cr-conatt' }],
    ['roles as a list of texts', { agency: 'cr-conatt', roles: [1] }],
  ])('refuses a token without %s', async (_, claims) => {
    const from = await issuer();
    const verifier = new TokenVerifier({ issuer: from, audience: AUDIENCE });
    await expect(verifier.verify(await token(from, claims))).rejects.toMatchObject({
      status: 401,
      code: 'AUTH.TOKEN_INVALID',
    });
  });

  it.each([
    ['cannot be reached', async () => 'http://127.0.0.1:9'],
    ['says it is another one', () => issuer('https://elsewhere.test')],
    ['gives no keys', () => issuer(undefined, 500)],
  ])('does not blame the token when the issuer %s, and asks again the next time', async (_, start) => {
    const from = await start();
    const verifier = new TokenVerifier({ issuer: from, audience: AUDIENCE });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(verifier.verify(await token(from))).rejects.toMatchObject({
        status: 503,
        code: 'AUTH.KEYS_UNAVAILABLE',
      });
    }
  });
});
