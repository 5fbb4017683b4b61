import type { Json } from '@acogida/core';
import { DOB_PRECISIONS, isPartialDate } from '@acogida/reference';
import type { BirthDate, IdentityDocument, IdentityElements } from '@acogida/safeguards';
import type { VaultField } from '../vault/vault-access.ts';

/** Fields of the vault that somebody is searched by. */
export const SEARCHED_FIELDS = [
  'NAMES',
  'ALIAS',
  'DATE_OF_BIRTH',
  'DOCUMENTS',
] as const satisfies readonly VaultField[];
/** One of `SEARCHED_FIELDS`. */
export type SearchedField = (typeof SEARCHED_FIELDS)[number];

/** What of a case is kept, by field. */
export type SearchedValues = Readonly<Partial<Record<SearchedField, Json>>>;

/** Several aliases are written with these between them. */
const BETWEEN_ALIASES = /[,;/]/;

function textsOf(value: Json | undefined, between?: RegExp): readonly string[] {
  if (typeof value !== 'string') return [];
  const texts = between === undefined ? [value] : value.split(between);
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

function fieldsOf(value: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
}

function birthDateOf(value: Json | undefined): BirthDate | null {
  const { date, precision } = fieldsOf(value);
  const known = DOB_PRECISIONS.find((one) => one === precision);
  return typeof date === 'string' && isPartialDate(date) && known !== undefined ? { date, precision: known } : null;
}

function documentsOf(value: Json | undefined): readonly IdentityDocument[] {
  return (Array.isArray(value) ? value : []).flatMap((one: Json): IdentityDocument[] => {
    const { type, issuer, number } = fieldsOf(one);
    if (typeof number !== 'string' || number === '') return [];
    return [{ type: typeof type === 'string' ? type : '', issuer: typeof issuer === 'string' ? issuer : null, number }];
  });
}

/** What somebody is searched by, as the vault has it. Sex and nationality stand elsewhere, if anywhere. */
export function elementsFrom(values: SearchedValues): IdentityElements {
  return {
    names: [...textsOf(values.NAMES), ...textsOf(values.ALIAS, BETWEEN_ALIASES)],
    dateOfBirth: birthDateOf(values.DATE_OF_BIRTH),
    sex: null,
    nationalities: [],
    documents: documentsOf(values.DOCUMENTS),
  };
}
