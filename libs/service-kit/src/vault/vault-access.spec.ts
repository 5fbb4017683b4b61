import { describe, expect, it } from '@jest/globals';
import { CONSENT_FIELDS } from '@acogida/reference';
import { type Role, ROLES } from '../auth/roles.ts';
import {
  CONSENT_FIELD_OF,
  READ_PURPOSES,
  type ReadPurpose,
  readableFields,
  VAULT_ACCESS,
  VAULT_FIELDS,
  type VaultField,
} from './vault-access.ts';

const EVERY: readonly VaultField[] = VAULT_FIELDS;
const WHO: readonly VaultField[] = ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'DOCUMENTS'];
const KIN: readonly VaultField[] = ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'CONTACT', 'FAMILY'];

/** All that may be read; whatever is not here may not. */
const MAY: readonly (readonly [Role, ReadPurpose, readonly VaultField[]])[] = [
  ['border-officer', 'REGISTRATION', WHO],
  ['caseworker', 'REGISTRATION', WHO],
  ['caseworker', 'ASSISTANCE', EVERY],
  ['caseworker', 'REFERRAL', EVERY],
  ['caseworker', 'FAMILY_UNITY', KIN],
  ['referral-officer', 'ASSISTANCE', ['NAMES', 'CONTACT', 'ADDRESS']],
  ['referral-officer', 'REFERRAL', ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'DOCUMENTS', 'CONTACT', 'FAMILY']],
  ['screening-officer', 'ASSISTANCE', KIN],
  ['eligibility-officer', 'REGISTRATION', WHO],
  ['eligibility-officer', 'ASSISTANCE', ['CONTACT', 'ADDRESS']],
  ['supervisor', 'ASSISTANCE', ['NAMES', 'CONTACT']],
  ['supervisor', 'FAMILY_UNITY', KIN],
  ['data-protection-officer', 'SUBJECT_ACCESS', EVERY],
  ['legal-counsel', 'LEGAL_REMEDY', ['NAMES', 'DATE_OF_BIRTH', 'DOCUMENTS', 'CONTACT', 'NOTES']],
];

const CELLS = VAULT_FIELDS.flatMap((field) =>
  ROLES.flatMap((role) => READ_PURPOSES.map((purpose) => [field, role, purpose] as const)),
);

describe('INV-17 access to the vault', () => {
  it.each(CELLS)('%s, %s, %s', (field, role, purpose) => {
    const may = MAY.some(([r, p, fields]) => r === role && p === purpose && fields.includes(field));
    expect(readableFields([role], purpose).includes(field)).toBe(may);
    expect(VAULT_ACCESS[field].some((access) => access.role === role && access.purpose === purpose)).toBe(may);
  });

  it('adds up over roles, and knows none that is not one', () => {
    expect(readableFields(['supervisor', 'legal-counsel', 'nobody'], 'LEGAL_REMEDY')).toContain('NOTES');
    expect(readableFields(['nobody', ''], 'ASSISTANCE')).toEqual([]);
    expect(readableFields([], 'ASSISTANCE')).toEqual([]);
  });

  it('knows for each field what a consent calls it', () => {
    for (const field of VAULT_FIELDS) expect(CONSENT_FIELDS).toContain(CONSENT_FIELD_OF[field]);
  });
});
