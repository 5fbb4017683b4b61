import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../testing/refusal.ts';
import { admissionOf, keysOf, privateKeyOf } from '../testing/trust-network.ts';
import type { Admission } from './admission.ts';
import { signAdmissionRequest, verifyAdmissionRequest } from './admission-request.ts';

const { genesis: _genesis, ...admission } = admissionOf('cr-border-intake');
const { signing, transport } = admission.keys;
const holder = { signing: privateKeyOf(signing.keyId), transport: privateKeyOf(transport.keyId) };
const request = signAdmissionRequest(admission, holder);

describe('an admission request', () => {
  it('comes back from its text as the admission that it asks for', () => {
    expect(verifyAdmissionRequest(JSON.parse(JSON.stringify(request)))).toEqual(admission);
  });

  it.each<[string, Partial<Admission>]>([
    ['name', { name: 'Other' }],
    ['agency', { agency: 'mx-comar' }],
    ['first number', { fromNumber: 2 }],
    ['sealing key', { keys: { ...admission.keys, sealing: keysOf('other').sealing } }],
    ['signing key', { keys: { ...admission.keys, signing: keysOf('other').signing } }],
    ['transport key', { keys: { ...admission.keys, transport: keysOf('other').transport } }],
  ])('with another %s than its keys signed is refused', (_field, change) => {
    const changed = { ...request, admission: { ...admission, ...change } };
    expect(codeOf(() => verifyAdmissionRequest(changed))).toBe('POSSESSION');
  });

  it.each(['signing', 'transport'] as const)('of somebody without the %s key is refused', (use) => {
    const thief = signAdmissionRequest(admission, { ...holder, [use]: privateKeyOf('thief') });
    expect(codeOf(() => verifyAdmissionRequest(thief))).toBe('POSSESSION');
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['an admission', admission],
    ['one of two keys', { ...request, possession: { signing: request.possession.signing } }],
    ['a signature that is none', { ...request, possession: { ...request.possession, signing: 'x' } }],
    ['an admission that names a genesis', { ...request, admission: admissionOf('cr-border-intake') }],
    ['a request with a private part', { ...request, privateKey: 'x' }],
  ])('is not %s', (_what, value) => {
    expect(codeOf(() => verifyAdmissionRequest(value))).toBe('STATEMENT_MALFORMED');
  });
});
