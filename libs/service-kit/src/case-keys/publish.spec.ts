import { describe, expect, it } from '@jest/globals';
import {
  contractCatalogue,
  contractDataFault,
  isContractType,
  keysGrantedV1Schema,
  memberAnnouncedV1Schema,
} from '@acogida/contracts';
import { GROUP_AUDIENCES } from '@acogida/sealing';
import type { CaseKeysEvent, KeysGranted } from './case-keys-events.ts';
import type { OfferKeysEvent } from './offer-keys.ts';
import { type AddressedContract, publishCaseKeys, publishOfferKeys } from './publish.ts';
import {
  admitted,
  AT,
  begun,
  CASE,
  COMAR,
  CONATT,
  GRANT,
  granted,
  keysOf,
  LATER,
  left,
  OPENED,
  OWN,
  X,
} from './testing/case-keys-examples.ts';

const SECRET = 'S'.repeat(42) + 'Q';
const handOver = (holder: string, keyId: string): string => {
  if (![OWN, COMAR].includes(holder) || keyId === '') throw new RangeError('asked for a key that nobody has');
  return SECRET;
};

function expectContract(event: AddressedContract | null): void {
  expect(event !== null && isContractType(event.type)).toBe(true);
  if (event === null) return;
  expect(contractCatalogue[event.type].class).toBe(event.class);
  expect(contractDataFault(event.type, event.schemaVersion, event.data)).toBeUndefined();
}

describe('what the circle is told', () => {
  it('of a member that joins, in the circle of care', () => {
    const published = publishCaseKeys(admitted(CONATT, 2), handOver);
    expect(published).toEqual({
      ...{ class: 'key', type: 'MemberAnnounced', schemaVersion: 1, caseId: CASE, occurredAt: LATER, audience: 'care' },
      data: { agency: CONATT, memberKeyX: X, audiences: ['coded', 'care'], history: 'CURRENT', joinedAt: LATER },
    });
    expectContract(published);
  });

  it('INV-17: of one that leaves, whoever was told that it joined', () => {
    const published = publishCaseKeys(left(CONATT), handOver);
    expect(published).toEqual({
      ...{ class: 'key', type: 'MemberRemoved', schemaVersion: 1, caseId: CASE, occurredAt: LATER, audience: 'care' },
      data: { agency: CONATT, reason: 'CONSENT_WITHDRAWN', leftAt: LATER },
    });
    expectContract(published);
  });

  it.each<CaseKeysEvent>([
    OPENED,
    begun(2),
    { type: 'GrantPostponed', data: { caseId: CASE, agency: CONATT, until: AT } },
    { type: 'CaseKeysErased', data: { caseId: CASE, erasedAt: AT } },
    admitted('cr-ombudsman', 1, { role: 'AUDITOR' }),
    { ...left('cr-ombudsman'), data: { ...left('cr-ombudsman').data, role: 'AUDITOR' } } as CaseKeysEvent,
  ])('nothing of $type $data.role', (event) => {
    expect(publishCaseKeys(event, handOver)).toBeNull();
  });
});

describe('a grant', () => {
  const own = {
    caseId: CASE,
    holder: OWN,
    keys: keysOf(2),
    chains: [{ chain: 'referral-1', version: 2, head: 'ab'.repeat(32) }],
  };
  const roster = [{ agency: COMAR, memberKeyX: null, audiences: ['coded'] as const }];
  const theirs = { caseId: CASE, holder: COMAR, keys: keysOf(7, ['care']), roster: [], chains: [] };

  it('is for one agency alone, and the only one that has the keys themselves', () => {
    const event = granted(CONATT, [], { cases: [{ ...own, roster }, theirs] });
    const published = publishCaseKeys(event, handOver);
    expect(published).toEqual({
      ...{ class: 'key', type: 'KeysGranted', schemaVersion: 1, caseId: CASE, occurredAt: LATER },
      data: {
        grantId: GRANT,
        cases: [
          { ...own, roster: [{ ...roster[0] }], keys: own.keys.map((key) => ({ ...key, key: SECRET })) },
          { ...theirs, keys: theirs.keys.map((key) => ({ ...key, key: SECRET })) },
        ],
      },
      audience: { to: CONATT, under: 'member-key' },
    });
    expectContract(published);
    expect(JSON.stringify(event)).not.toContain(SECRET);
  });

  it('of several cases names none of them outside its data', () => {
    const cases = [theirs, { ...theirs, caseId: GRANT }];
    const published = publishCaseKeys(granted(CONATT, [], { cases, under: 'offer-key' }), handOver);
    expect(published).toMatchObject({ caseId: null, audience: { to: CONATT, under: 'offer-key' } });
    expectContract(published);
  });

  it('of a key that is not there is not published', () => {
    const event = granted(CONATT, [], { cases: [{ ...theirs, holder: 'cr-dgme' }] }) as KeysGranted;
    expect(() => publishCaseKeys(event, handOver)).toThrow(RangeError);
  });
});

describe('the contracts of keys', () => {
  it('know the audiences that there are keys for', () => {
    const ofGrant = keysGrantedV1Schema.properties.cases.items.properties;
    for (const audiences of [
      ofGrant.keys.items.properties.audience,
      memberAnnouncedV1Schema.properties.audiences.items,
    ]) {
      expect(audiences.enum).toEqual(GROUP_AUDIENCES);
    }
  });
});

describe('what senders are told of offer keys', () => {
  const week = { validFrom: '2026-11-30T00:00:00.000Z', validThrough: '2026-12-06T23:59:59.999Z' };
  const frame = { class: 'directory', schemaVersion: 1, caseId: null, occurredAt: LATER, audience: null };

  it('a new one, in clear', () => {
    const data = { keyId: 'offers-2', x: X, ...week };
    const published = publishOfferKeys({ type: 'OfferKeyPublished', data: { ...data, publishedAt: LATER } });
    expect(published).toEqual({ ...frame, type: 'OfferKeyPublished', data });
    expectContract(published);
  });

  it('one that was destroyed before its time, and how far each sender was received', () => {
    const data = { keyId: 'offers-2', receivedThrough: [{ agency: COMAR, number: 412 }] };
    const published = publishOfferKeys({ type: 'OfferKeyRetired', data: { ...data, retiredAt: LATER } });
    expect(published).toEqual({ ...frame, type: 'OfferKeyRetired', data });
    expectContract(published);
  });

  it.each<OfferKeysEvent>([
    { type: 'OfferKeyKept', data: { keyId: 'offers-2', until: LATER } },
    { type: 'OfferKeyDestroyed', data: { keyId: 'offers-2', destroyedAt: LATER } },
  ])('nothing of $type', (event) => {
    expect(publishOfferKeys(event)).toBeNull();
  });
});
