import type { ConsentField } from '@acogida/reference';
import { type Role, ROLES } from '../auth/roles.ts';

/** What of a person's identity a node keeps (domain.md §1.2). Free text stands nowhere else. */
export const VAULT_FIELDS = [
  'NAMES',
  'ALIAS',
  'DATE_OF_BIRTH',
  'DOCUMENTS',
  'CONTACT',
  'ADDRESS',
  'FAMILY',
  'NOTES',
] as const;
/** One of `VAULT_FIELDS`. */
export type VaultField = (typeof VAULT_FIELDS)[number];

/** What identity is read for. Each read names one, and it is kept in the audit. */
export const READ_PURPOSES = [
  /** To find out, or write down, who somebody is. */
  'REGISTRATION',
  /** To help the person. */
  'ASSISTANCE',
  /** To prepare what another agency is told. */
  'REFERRAL',
  /** To keep or bring a family together (INV-24). */
  'FAMILY_UNITY',
  /** To defend the person's rights. */
  'LEGAL_REMEDY',
  /** The person asked what is kept. */
  'SUBJECT_ACCESS',
] as const;
/** One of `READ_PURPOSES`. */
export type ReadPurpose = (typeof READ_PURPOSES)[number];

const IDENTIFYING = ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'DOCUMENTS'] as const;
const FAMILY = ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'CONTACT', 'FAMILY'] as const;

type Grants = Readonly<Partial<Record<ReadPurpose, readonly VaultField[]>>>;
const NOTHING: Grants = {};

/**
 * Which role may read what for which purpose (INV-17). Total over roles: a new role reads nothing until it is said here. Who
 * runs the node, coordinates, oversees or overrules reads no identity.
 */
const GRANTS: Readonly<Record<Role, Grants>> = {
  'border-officer': { REGISTRATION: IDENTIFYING },
  caseworker: { REGISTRATION: IDENTIFYING, ASSISTANCE: VAULT_FIELDS, REFERRAL: VAULT_FIELDS, FAMILY_UNITY: FAMILY },
  'referral-officer': {
    ASSISTANCE: ['NAMES', 'CONTACT', 'ADDRESS'],
    REFERRAL: ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'DOCUMENTS', 'CONTACT', 'FAMILY'],
  },
  'screening-officer': { ASSISTANCE: ['NAMES', 'ALIAS', 'DATE_OF_BIRTH', 'CONTACT', 'FAMILY'] },
  'eligibility-officer': { REGISTRATION: IDENTIFYING, ASSISTANCE: ['CONTACT', 'ADDRESS'] },
  supervisor: { ASSISTANCE: ['NAMES', 'CONTACT'], FAMILY_UNITY: FAMILY },
  coordinator: NOTHING,
  'consent-override': NOTHING,
  'data-protection-officer': { SUBJECT_ACCESS: VAULT_FIELDS },
  'legal-counsel': { LEGAL_REMEDY: ['NAMES', 'DATE_OF_BIRTH', 'DOCUMENTS', 'CONTACT', 'NOTES'] },
  auditor: NOTHING,
  operator: NOTHING,
  import: NOTHING,
};

/** Who may read a field, for what. */
export interface VaultAccess {
  readonly role: Role;
  readonly purpose: ReadPurpose;
}

function accessTo(field: VaultField): readonly VaultAccess[] {
  return ROLES.flatMap((role) =>
    READ_PURPOSES.filter((purpose) => GRANTS[role][purpose]?.includes(field) === true).map((purpose) => ({
      role,
      purpose,
    })),
  );
}

/** Every field with all who may read it: what is not here is refused. */
export const VAULT_ACCESS: Readonly<Record<VaultField, readonly VaultAccess[]>> = {
  NAMES: accessTo('NAMES'),
  ALIAS: accessTo('ALIAS'),
  DATE_OF_BIRTH: accessTo('DATE_OF_BIRTH'),
  DOCUMENTS: accessTo('DOCUMENTS'),
  CONTACT: accessTo('CONTACT'),
  ADDRESS: accessTo('ADDRESS'),
  FAMILY: accessTo('FAMILY'),
  NOTES: accessTo('NOTES'),
};

/** Fields that somebody with these roles may read for a purpose, in the order of `VAULT_FIELDS`. */
export function readableFields(roles: readonly string[], purpose: ReadPurpose): readonly VaultField[] {
  return VAULT_FIELDS.filter((field) =>
    VAULT_ACCESS[field].some((access) => access.purpose === purpose && roles.includes(access.role)),
  );
}

/** What a consent calls a field of the vault. */
export const CONSENT_FIELD_OF: Readonly<Record<VaultField, ConsentField>> = {
  NAMES: 'NAME',
  ALIAS: 'NAME',
  DATE_OF_BIRTH: 'DATE_OF_BIRTH',
  DOCUMENTS: 'DOCUMENTS',
  CONTACT: 'CONTACT',
  ADDRESS: 'CONTACT',
  FAMILY: 'FAMILY',
  NOTES: 'NOTES',
};
