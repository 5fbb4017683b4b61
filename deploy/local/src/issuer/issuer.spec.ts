import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { type RunningIssuer, startIssuer } from './start-issuer.ts';

const SECRET = 'a-development-secret-of-a-spec';
const users = [
  { agency: 'cr-border-intake', name: 'border-officer', roles: ['border-officer'] },
  { agency: 'cr-conatt', name: 'import', roles: ['import', 'operator'] },
];

let directory: string;
let keysFile: string;
let running: RunningIssuer;

function start(port = 0): Promise<RunningIssuer> {
  return startIssuer({ port, users, secret: SECRET, keysFile });
}

async function askToken(
  clientId: string,
  secret: string,
  endpoint = running.tokenEndpoint,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function verify(token: string) {
  const discovery = await fetch(`${running.issuer}/.well-known/openid-configuration`);
  const { issuer, jwks_uri } = (await discovery.json()) as { issuer: string; jwks_uri: string };
  return jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), { issuer, audience: 'urn:acogida' });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'acogida-issuer-'));
  keysFile = join(directory, 'issuer', 'keys.json');
  running = await start();
});

afterAll(async () => {
  await running.stop();
  await rm(directory, { recursive: true });
});

describe('the development issuer', () => {
  it('gives a token of one hour with agency, roles and subject, verifiable by its published keys', async () => {
    const { status, body } = await askToken('cr-conatt.import', SECRET);
    expect(status).toBe(200);
    expect(body['token_type']).toBe('Bearer');
    expect(body['expires_in']).toBe(3600);
    const { payload } = await verify(String(body['access_token']));
    expect(payload).toMatchObject({ sub: 'cr-conatt.import', agency: 'cr-conatt', roles: ['import', 'operator'] });
    expect(decodeProtectedHeader(String(body['access_token']))).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('names itself by the address that others know it by', async () => {
    const behind = await startIssuer({ port: 0, users, secret: SECRET, keysFile, url: 'http://issuer.example:7100' });
    try {
      const { body } = await askToken('cr-conatt.import', SECRET, behind.tokenEndpoint);
      expect(decodeJwt(String(body['access_token'])).iss).toBe('http://issuer.example:7100');
    } finally {
      await behind.stop();
    }
  });

  it('refuses a wrong secret and an unknown client alike', async () => {
    const wrong = await askToken('cr-conatt.import', 'not-the-secret');
    const unknown = await askToken('cr-conatt.nobody', SECRET);
    expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client']);
    expect([unknown.status, unknown.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('keeps its keys over a restart, so that tokens stay valid, in a file that only its owner reads', async () => {
    const { body } = await askToken('cr-border-intake.border-officer', SECRET);
    const before = await readFile(keysFile, 'utf8');
    const { port } = new URL(running.issuer);
    await running.stop();
    running = await start(Number(port));
    expect(await readFile(keysFile, 'utf8')).toBe(before);
    expect((await stat(keysFile)).mode & 0o777).toBe(0o600);
    const { payload } = await verify(String(body['access_token']));
    expect(payload.sub).toBe('cr-border-intake.border-officer');
  });
});
