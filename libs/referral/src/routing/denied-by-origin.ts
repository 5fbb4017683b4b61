import { isOfOrigin } from '../consent/deny-rules.ts';
import type { DirectoryView, RoutingQuestion, VerdictOf } from './routing-question.ts';

/**
 * The part of the deny rules that needs no consent to be known: an agency that speaks for the country of origin is never who
 * a referral goes to (INV-05). For whoever asks without keeping consents, as the directory does; whoever keeps them judges by
 * `judgeSharing`, which says this and more. With an origin that is not known every consulate is one of origin.
 */
export function deniedByOrigin({ person, country }: RoutingQuestion, { agencies }: DirectoryView): VerdictOf {
  const { nationalities } = person;
  const profile = {
    nationalities,
    nationalityStatus: nationalities.length === 0 ? 'UNDETERMINED' : 'DECLARED',
    ...{ habitualResidence: null, presentIn: country, isAsylumOpen: false },
  } as const;
  const refusals = new Map(
    agencies
      .filter((agency) => isOfOrigin(agency, profile))
      .map(({ agencyId, nature }) => [agencyId, nature === 'CONSULATE' ? 'DENY.CONSULATE' : 'DENY.COUNTRY_OF_ORIGIN']),
  );
  return (agencyId) => {
    const refusal = refusals.get(agencyId);
    return refusal === undefined ? { allowed: true, refusals: [] } : { allowed: false, refusals: [refusal] };
  };
}
