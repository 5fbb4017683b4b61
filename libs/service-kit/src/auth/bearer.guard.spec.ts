import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode, type TestTokenClaims } from '@acogida/testing/node';
import { SignJWT, UnsecuredJWT } from 'jose';
import { specimenNode } from '../testing/specimen-node.ts';

const PATH = '/v1/shelters/me';
let node: TestNode;

beforeAll(async () => {
  node = await startTestNode(specimenNode);
});

afterAll(() => node.stop());

function tokenOf(claims: Partial<TestTokenClaims>): Promise<string> {
  return node.network.token({ agency: node.agencyId, roles: ['caseworker'], ...claims });
}

async function refusalOf(token: string | null, path = PATH): Promise<readonly [number, string]> {
  const reply = await node.get(path, { token });
  expect(reply.headers['content-type']).toContain('application/problem+json');
  return [reply.status, reply.body.code];
}

describe('a bearer token', () => {
  it('of this agency with a role that the route names lets the caller in', async () => {
    const reply = await node.get(PATH, { token: await tokenOf({ subject: 'someone' }) });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ subject: 'someone', agency: node.agencyId, roles: ['caseworker'] });
  });

  it('is required', async () => {
    expect(await refusalOf(null)).toEqual([401, 'AUTH.TOKEN_MISSING']);
    expect((await node.get(PATH, { token: null })).headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['expired', { expiresInSeconds: -60 }, 'AUTH.TOKEN_EXPIRED'],
    ['of another issuer', { issuer: 'https://elsewhere.test' }, 'AUTH.TOKEN_INVALID'],
    ['for another audience', { audience: 'urn:other' }, 'AUTH.TOKEN_INVALID'],
    ['with an endless subject', { subject: 's'.repeat(151) }, 'AUTH.TOKEN_INVALID'],
  ])('%s is refused', async (_, claims, code) => {
    expect(await refusalOf(await tokenOf(claims))).toEqual([401, code]);
  });

  it('is refused once it expires although it was remembered', async () => {
    const token = await tokenOf({ expiresInSeconds: 1 });
    expect((await node.get(PATH, { token })).status).toBe(200);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 2_000;
      expect(await refusalOf(token)).toEqual([401, 'AUTH.TOKEN_EXPIRED']);
    } finally {
      Date.now = realNow;
    }
  });

  it('without a signature (alg none) is refused', async () => {
    const unsigned = new UnsecuredJWT({ agency: node.agencyId, roles: ['caseworker'] })
      .setSubject('someone')
      .setIssuer('https://issuer.test')
      .setAudience('urn:acogida')
      .setExpirationTime('1h')
      .encode();
    expect(await refusalOf(unsigned)).toEqual([401, 'AUTH.TOKEN_INVALID']);
  });

  it('signed with a shared secret is refused', async () => {
    const token = await new SignJWT({ agency: node.agencyId, roles: ['caseworker'] })
      .setProtectedHeader({ alg: 'HS256', kid: 'test' })
      .setSubject('someone')
      .setIssuer('https://issuer.test')
      .setAudience('urn:acogida')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a secret that anybody could have chosen'));
    expect(await refusalOf(token)).toEqual([401, 'AUTH.TOKEN_INVALID']);
  });

  it('that is no token at all is refused', async () => {
    expect(await refusalOf('not.a.token')).toEqual([401, 'AUTH.TOKEN_INVALID']);
  });

  it('of another agency is refused', async () => {
    expect(await refusalOf(await tokenOf({ agency: 'mx-comar' }))).toEqual([403, 'AUTH.OTHER_AGENCY']);
  });

  it('without a role that the route names is refused', async () => {
    const reply = await node.get(PATH, { roles: ['auditor'] });
    expect([reply.status, reply.body.code]).toEqual([403, 'AUTH.ROLE_MISSING']);
    expect(reply.body.details).toEqual({ allowed: ['caseworker'] });
  });
});

describe('deny by default', () => {
  it('refuses a route that names no roles, whatever the token', async () => {
    const token = await tokenOf({ roles: ['caseworker', 'operator', 'coordinator'] });
    expect(await refusalOf(token, '/v1/shelters/forgotten')).toEqual([403, 'AUTH.ROLE_MISSING']);
  });

  it('leaves health and the description of the interface open', async () => {
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs']) {
      expect([path, (await node.get(path, { token: null })).status]).toEqual([path, 200]);
    }
  });
});
