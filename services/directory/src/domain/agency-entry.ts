import {
  type AgencyKind,
  type AgencyNature,
  isAgencyId,
  isCountry,
  type Participation,
  usualAuthority,
  usualNature,
} from '@acogida/reference';
import { refusal } from './refusal.ts';
import { requireLanguages } from './said-once.ts';

/** Entry of an agency. Kind and jurisdiction never change: another mandate is another agency. */
export type AgencyEntry = {
  readonly agencyId: string;
  readonly name: string;
  readonly kind: AgencyKind;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  /** Decides what it may ever be told (INV-05, INV-17). */
  readonly nature: AgencyNature;
  /** The State whose authority or mission it is, ISO 3166-1 alpha-2; null when it is of none. */
  readonly authorityOf: string | null;
  readonly participation: Participation;
  /** ISO 639-3. */
  readonly languages: readonly string[];
};

/** An entry as it is asked for: what is left out stays as listed, and is the usual of the kind at first. */
export type AskedAgencyEntry = Pick<AgencyEntry, 'agencyId' | 'name' | 'kind' | 'jurisdiction'> & {
  readonly nature?: AgencyNature | undefined;
  /** What to begin with instead of the usual of the kind, where nothing was said. */
  readonly natureAtFirst?: AgencyNature | undefined;
  readonly authorityOf?: string | null | undefined;
  readonly participation?: Participation | undefined;
  /** What to begin with instead of the usual `NODE`, where nothing was said. */
  readonly participationAtFirst?: Participation | undefined;
  readonly languages?: readonly string[] | undefined;
};

/** The entry that is asked for, with what was left out. */
export function completedEntry(asked: AskedAgencyEntry, listed: AgencyEntry | null): AgencyEntry {
  const { agencyId, name, kind, jurisdiction } = asked;
  const nature = asked.nature ?? listed?.nature ?? asked.natureAtFirst ?? usualNature(kind);
  // another nature without another State is asked anew: a consulate is of no State by habit
  const habit = listed !== null && listed.nature === nature ? listed.authorityOf : usualAuthority(nature, jurisdiction);
  return {
    ...{ agencyId, name, kind, jurisdiction, nature },
    authorityOf: asked.authorityOf === undefined ? habit : asked.authorityOf,
    participation: asked.participation ?? listed?.participation ?? asked.participationAtFirst ?? 'NODE',
    languages: asked.languages ?? listed?.languages ?? [],
  };
}

/**
 * @throws DomainError DIRECTORY.AGENCY_ID_MALFORMED, NAME_MISSING, COUNTRY_UNKNOWN, LANGUAGE_MALFORMED, ENTRY_REPEATS,
 * AUTHORITY_MISSING
 */
export function requireAgencyEntry(entry: AgencyEntry): void {
  const { agencyId, name, jurisdiction, nature, authorityOf, languages } = entry;
  if (!isAgencyId(agencyId)) throw refusal('DIRECTORY.AGENCY_ID_MALFORMED', 'an agency id is kebab case');
  if (name.trim() === '') throw refusal('DIRECTORY.NAME_MISSING', 'an agency has a name');
  for (const country of [jurisdiction, authorityOf]) {
    if (country !== null && !isCountry(country)) throw refusal('DIRECTORY.COUNTRY_UNKNOWN', 'not an ISO 3166-1 code');
  }
  requireLanguages(languages);
  if (authorityOf === null && (nature === 'CONSULATE' || nature === 'ENFORCEMENT')) {
    throw refusal('DIRECTORY.AUTHORITY_MISSING', 'a consulate or an enforcement authority is one of a State');
  }
}

/** Whether two entries say the same. */
export function isSameAgencyEntry(one: AgencyEntry, other: AgencyEntry): boolean {
  const text = ({ name, nature, authorityOf, participation, languages }: AgencyEntry): string =>
    JSON.stringify([name, nature, authorityOf, participation, languages]);
  return text(one) === text(other);
}
