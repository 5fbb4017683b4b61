import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LogRecord, StatementSigner, TrustedKey } from '@acogida/event-log';
import { decides } from '@acogida/testing';
import { agencyKeysDecider, type AgencyKeysEvent, type CountersignedRotation } from './agency-keys.ts';
import { publishAgencyKeys } from './publish.ts';
import { NoSigningKeyError, pointOf, signersOf } from './signing-keys.ts';
import { isTrustEvent, mayChangeTrust, trustEntryOf } from './trust-events.ts';
import { followingTrust } from './trust-projection.ts';

const AGENCY = 'cr-border-intake';
const DIRECTORY = 'regional-directory';

describe('the topic of a statement', () => {
  const rotation = { statement: { agency: AGENCY }, signatures: {} };

  it.each(['AgencyAdmitted', 'AgencyKeyRevoked', 'SuccessionOrdered'] as const)(
    '%s counts from the directory only',
    (type) => {
      const published = { type, number: 7, data: { statement: {}, signatures: [] } };
      expect(trustEntryOf({ ...published, source: DIRECTORY }, DIRECTORY).signed).toBe(published.data);
      expect(() => trustEntryOf({ ...published, source: AGENCY }, DIRECTORY)).toThrow(
        expect.objectContaining({ code: 'TRUST.WRONG_TOPIC' }),
      );
    },
  );

  it('a rotation counts in the topic of its own agency only, at the number of its event', () => {
    const published = { type: 'AgencyKeysRotated', number: 7, data: rotation } as const;
    const entry = { type: 'rotation', at: 7, signed: rotation };
    expect(trustEntryOf({ ...published, source: AGENCY }, DIRECTORY)).toEqual(entry);
    for (const source of [DIRECTORY, 'mx-comar']) {
      expect(() => trustEntryOf({ ...published, source }, DIRECTORY)).toThrow(
        expect.objectContaining({ code: 'TRUST.WRONG_TOPIC' }),
      );
    }
  });

  it('knows what may change trust by the text of the record', () => {
    expect(mayChangeTrust('{"data":{"type":"AgencyKeysRotated"}}')).toBe(true);
    expect(mayChangeTrust('{"data":{"type":"AgencyListed"}}')).toBe(false);
    expect([isTrustEvent('SuccessionOrdered'), isTrustEvent('toString')]).toEqual([true, false]);
  });
});

describe('who signs', () => {
  const [one, two, lost] = [0, 1, 2].map(() => generateKeyPairSync('ed25519'));
  if (one === undefined || two === undefined || lost === undefined) throw new Error('three keys were made');
  const keys: TrustedKey[] = [
    { keyId: 'k1', publicKey: one.publicKey, fromNumber: 1, throughNumber: 4 },
    { keyId: 'k2', publicKey: two.publicKey, fromNumber: 5, throughNumber: 9 },
    { keyId: 'k3', publicKey: lost.publicKey, fromNumber: 12 },
  ];
  const atHand = [one.privateKey];
  const signer = signersOf(AGENCY, { get: (agency) => (agency === AGENCY ? keys : undefined) }, () => atHand);

  // Two key objects are equal to Jest, whatever they hold.
  const holder = ({ keyId, privateKey }: StatementSigner): unknown => [keyId, pointOf(createPublicKey(privateKey))];
  const of = (keyId: string, { publicKey }: { readonly publicKey: KeyObject }): unknown => [keyId, pointOf(publicKey)];

  it('is the key of the number; one that a rotation put beside is found when it counts', () => {
    expect(holder(signer(4))).toEqual(of('k1', one));
    expect(() => signer(5)).toThrow(NoSigningKeyError);
    atHand.push(two.privateKey);
    expect(holder(signer(5))).toEqual(of('k2', two));
  });

  it('is the holder of the key, whose name another key may have had', () => {
    const undone: TrustedKey[] = [{ keyId: 'k', publicKey: one.publicKey, fromNumber: 1 }];
    const signerOfName = signersOf(AGENCY, { get: () => undone }, () => [one.privateKey, two.privateKey]);
    expect(holder(signerOfName(1))).toEqual(of('k', one));
    undone.splice(0, 1, { keyId: 'k', publicKey: two.publicKey, fromNumber: 1 });
    expect(holder(signerOfName(1))).toEqual(of('k', two));
  });

  it.each([
    ['no key counts', 10],
    ['the private key is not there', 12],
  ])('is nobody where %s', (_, number) => expect(() => signer(number)).toThrow(NoSigningKeyError));
});

describe('an inbox that follows trust', () => {
  const record = (value: string): LogRecord => ({ value, headers: {} });
  const ROTATED = record('{"type":"AgencyKeysRotated"}');
  const PLAIN = record('{"type":"AgencyListed"}');

  it.each([
    [
      'judges what follows a statement by it',
      [PLAIN, ROTATED, PLAIN, ROTATED],
      ['2', 'refresh', '2', 'refresh', 'retry'],
    ],
    ['receives the rest', [ROTATED, PLAIN, PLAIN], ['1', 'refresh', '2', 'retry']],
    ['leaves a delivery without statements whole', [PLAIN, PLAIN], ['2', 'retry']],
    ['hands on an empty delivery', [], ['0', 'retry']],
  ])('%s', async (_, records, expected) => {
    const done: string[] = [];
    const inbox = followingTrust(
      { receive: async (__, run) => void done.push(String(run.length)) },
      { refresh: async () => void done.push('refresh') },
      { retry: async () => void done.push('retry') },
    );
    await inbox.receive('acogida.cr-border-intake.v1', records);
    expect(done).toEqual(expected);
  });
});

describe('RotateAgencyKeys', () => {
  const { given } = decides(agencyKeysDecider);
  const rotationTo = (sequence: number, x: string): CountersignedRotation =>
    ({ statement: { agency: AGENCY, sequence, keys: { signing: { keyId: 'k', x } } } }) as CountersignedRotation;
  const rotated = (sequence: number, x: string): AgencyKeysEvent => ({
    type: 'AgencyKeysRotated',
    data: rotationTo(sequence, x),
  });
  const rotate = (sequence: number, x: string) =>
    ({ type: 'RotateAgencyKeys', rotation: rotationTo(sequence, x) }) as const;

  it('goes over to the next keys, once', () => {
    given().when(rotate(2, 'a')).then(rotated(2, 'a'));
    given(rotated(2, 'a')).when(rotate(3, 'b')).then(rotated(3, 'b'));
    given(rotated(2, 'a')).when(rotate(2, 'a')).thenNothing();
  });

  it('refuses other keys in the place of those it went over to', () => {
    given(rotated(2, 'a')).when(rotate(2, 'b')).thenRefused('TRUST.SEQUENCE');
    given(rotated(3, 'a')).when(rotate(2, 'b')).thenRefused('TRUST.SEQUENCE');
  });

  it('publishes the rotation as it was signed, in clear', () => {
    const event = rotated(2, 'a');
    expect(publishAgencyKeys(event)).toEqual({
      ...{ class: 'directory', caseId: null, type: 'AgencyKeysRotated', schemaVersion: 1 },
      data: event.data,
    });
  });
});
