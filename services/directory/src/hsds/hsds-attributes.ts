import { nameBasedId } from '@acogida/service-kit';
import type { HsdsAttribute } from './hsds-document.ts';

/** Names our codes in HSDS: `taxonomy_term.taxonomy`, and the scheme of our identifiers. */
export const TAXONOMY = 'acogida';

/** Ids of HSDS objects that have none here: they follow from what the object is about, so an export is the same twice. */
const NAMESPACE = '6f0c3a52-5a53-4c0e-9f1d-2f3f6f0f8d11';

/** The id of an HSDS object by what it is about. All of it is public. */
export function hsdsId(...parts: readonly (string | number)[]): string {
  return nameBasedId(NAMESPACE, parts);
}

/** What our codes classify, by the code of the taxonomy term. */
export const TERMS = {
  agency_kind: 'Kind of agency',
  agency_nature: 'Nature of the agency',
  agency_status: 'Whether the agency takes part',
  jurisdiction: 'Jurisdiction of the agency, ISO 3166-1 alpha-2',
  authority_of: 'State whose authority the agency is, ISO 3166-1 alpha-2',
  participation: 'How the agency takes part',
  successor: 'Agency that takes over should it be gone',
  language: 'Language, ISO 639-3',
  focal_point_role: 'What the contact is for',
  origin_region: 'Region of origin that the contact serves',
  service_type: 'Type of referral service',
  sex: 'Sex served',
  nationality: 'Nationality served, ISO 3166-1 alpha-2',
  excluded_nationality: 'Nationality not served, ISO 3166-1 alpha-2',
  stage: 'Stage on the way to a solution',
  timezone: 'Time zone of the hours, IANA',
  capacity_status: 'Whether people can be taken on',
  capacity_updated: 'When the capacity was so',
} as const;
/** One of `TERMS`. */
export type Term = keyof typeof TERMS;

/** The codes of an object as its attributes, in this order; null says nothing. */
export function attributesOf(
  linkId: string,
  linkEntity: string,
  codes: Readonly<Partial<Record<Term, string | null | readonly string[]>>>,
): readonly HsdsAttribute[] {
  return Object.entries(codes).flatMap(([term, said]) => {
    const values = typeof said === 'string' ? [said] : (said ?? []);
    const name = TERMS[term as Term];
    return values.map((value) => ({
      id: hsdsId('attribute', linkId, term, value),
      ...{ link_type: TAXONOMY, link_entity: linkEntity, value },
      taxonomy_term: { id: hsdsId('term', term), code: term, name, description: name, taxonomy: TAXONOMY },
    }));
  });
}

/** What an object's attributes say under one of our terms, each once, in their order. */
export function valuesOf(attributes: readonly HsdsAttribute[] | undefined, term: Term): readonly string[] {
  const said = (attributes ?? []).flatMap(({ taxonomy_term, value }) =>
    taxonomy_term?.taxonomy === TAXONOMY && taxonomy_term.code === term && value !== undefined ? [value] : [],
  );
  return [...new Set(said)];
}

/** The first of `valuesOf`. */
export function valueOf(attributes: readonly HsdsAttribute[] | undefined, term: Term): string | undefined {
  return valuesOf(attributes, term)[0];
}
