import { instantAfter } from '@acogida/core';
import { calendarDateIn, countryParameters, isOpenWithin } from '@acogida/reference';
import { mayRefer } from './agreement-in-force.ts';
import { ELIGIBILITY_TRAITS, judgeArea, judgeEligibility, mayTake } from './eligibility.ts';
import {
  CANNOT_REASONS,
  type CannotReason,
  type Candidate,
  type DirectoryView,
  type KnownAgency,
  type KnownService,
  ROUTING_WARNINGS,
  type RoutingQuestion,
  type RoutingWarning,
  type VerdictOf,
} from './routing-question.ts';

/** What the question is judged with, the same for all services. */
interface Bench {
  readonly question: RoutingQuestion;
  readonly directory: DirectoryView;
  readonly verdictOf: VerdictOf;
  readonly agencies: ReadonlyMap<string, KnownAgency>;
  readonly today: string;
  readonly majority: number;
  /** When it must have been acknowledged: time limits are those of the country of the agency that refers. */
  readonly due: string;
}

interface Finding {
  readonly reasons: Set<CannotReason>;
  readonly warnings: Set<RoutingWarning>;
}

function benchOf(question: RoutingQuestion, directory: DirectoryView, verdictOf: VerdictOf): Bench {
  const { country, at, from, urgency } = question;
  const today = calendarDateIn(country, at);
  const agencies = new Map(directory.agencies.map((agency) => [agency.agencyId, agency]));
  const { referralDeadlines } = countryParameters(agencies.get(from)?.jurisdiction ?? '', today);
  return {
    ...{ question, directory, verdictOf, today, agencies },
    majority: countryParameters(country, today).ageOfMajorityYears,
    due: instantAfter(at, referralDeadlines[urgency].acknowledgeWithinMs),
  };
}

/** A life does not wait for a signature between agencies; deny rules hold all the same. */
const isVital = ({ urgency, basis }: RoutingQuestion): boolean =>
  urgency === 'LIFE_SAVING' || basis === 'VITAL_INTEREST';

function judgeService({ question, due }: Bench, service: KnownService, { reasons, warnings }: Finding): void {
  if (service.type !== question.service) reasons.add('OTHER_SERVICE');
  if (service.agencyId === question.from) reasons.add('OWN_SERVICE');
  if (service.status !== 'ACTIVE') reasons.add('NOT_ACTIVE');
  if (!isOpenWithin(service.schedules, question.at, due)) reasons.add('CLOSED_NOW');
  if (service.capacity.status === 'FULL') reasons.add('FULL');
  if (service.capacity.status === 'WAITLIST') warnings.add('WAITLISTED');
  const area = judgeArea(service, question.country, question.area);
  if (area === 'no') reasons.add('OUT_OF_AREA');
  if (area === 'unknown') warnings.add('AREA_TO_CONFIRM');
}

function judgePerson({ question, majority }: Bench, service: KnownService, { reasons, warnings }: Finding): void {
  const eligible = judgeEligibility(service, question.person, majority);
  for (const trait of ELIGIBILITY_TRAITS) {
    if (eligible[trait] === 'no') reasons.add(trait);
    if (eligible[trait] === 'unknown') warnings.add(`${trait}_TO_CONFIRM`);
  }
}

/** Languages decide only who interprets; elsewhere a language that nobody speaks calls for an interpreter. */
function judgeLanguage({ question, agencies }: Bench, service: KnownService, { reasons, warnings }: Finding): void {
  const { languages } = question.person;
  const spoken = new Set([...service.languages, ...(agencies.get(service.agencyId)?.languages ?? [])]);
  if (languages.some((language) => spoken.has(language))) return;
  if (service.type !== 'INTERPRETATION') warnings.add('INTERPRETER_NEEDED');
  else if (languages.length > 0) reasons.add('LANGUAGE');
}

function judgeAgency(bench: Bench, service: KnownService, { reasons, warnings }: Finding): void {
  const { question, agencies, directory, today } = bench;
  const agency = agencies.get(service.agencyId);
  if (agency?.status !== 'ACTIVE') reasons.add('NOT_ACTIVE');
  if (question.exclude.includes(service.agencyId)) reasons.add('TRIED_BEFORE');
  const home = agencies.get(question.from)?.jurisdiction ?? null;
  const isOwn = service.agencyId === question.from;
  if (agency !== undefined && !isOwn && !mayRefer(question.from, home, agency, directory.agreements, today)) {
    if (isVital(question)) warnings.add('WITHOUT_AGREEMENT');
    else reasons.add('NO_AGREEMENT');
  }
  const { allowed, refusals } = bench.verdictOf(service.agencyId);
  if (allowed) return;
  const denials = refusals.filter((code) => code.startsWith('DENY.'));
  if (denials.length > 0) reasons.add('DENIED_RECIPIENT');
  if (denials.length < refusals.length || refusals.length === 0) reasons.add('CONSENT');
}

/**
 * A family is parted by a service to live in, or in another country, that cannot take each of them, or has not the places
 * (INV-24).
 */
function judgeFamily({ question, agencies, majority }: Bench, service: KnownService, { warnings }: Finding): void {
  const { family, country } = question;
  const jurisdiction = agencies.get(service.agencyId)?.jurisdiction ?? null;
  const isMove = service.type === 'SHELTER' || (jurisdiction !== null && jurisdiction !== country);
  if (family.length === 0 || !isMove) return;
  const { status, available, maximum } = service.capacity;
  const places = status === 'AVAILABLE' ? available : maximum; // a family waits together for as many as there are
  const hasPlaces = places === null || places > family.length;
  if (!hasPlaces || !family.every((member) => mayTake(service, member, majority))) warnings.add('SEPARATES_FAMILY');
}

function judge(bench: Bench, service: KnownService): Candidate {
  const finding: Finding = { reasons: new Set(), warnings: new Set() };
  for (const rule of [judgeService, judgePerson, judgeLanguage, judgeAgency, judgeFamily])
    rule(bench, service, finding);
  const reasons = CANNOT_REASONS.filter((reason) => finding.reasons.has(reason));
  return {
    agencyId: service.agencyId,
    serviceId: service.serviceId,
    can: reasons.length === 0,
    reasons,
    warnings: ROUTING_WARNINGS.filter((warning) => finding.warnings.has(warning)),
    rank: null,
    capacityUpdated: service.capacity.updated,
  };
}

/** Smaller goes first, part by part: the family together, free places, the same country, a shared language, then by id. */
function orderOf({ question, agencies }: Bench, { warnings, reasons, agencyId, serviceId }: Candidate): string {
  const after = (behind: boolean): number => (behind ? 1 : 0);
  return [
    after(reasons.length > 0),
    after(reasons.includes('OTHER_SERVICE')),
    after(warnings.includes('SEPARATES_FAMILY')),
    after(warnings.includes('WAITLISTED')),
    after(agencies.get(agencyId)?.jurisdiction !== question.country),
    after(warnings.includes('INTERPRETER_NEEDED')),
    agencyId,
    serviceId,
  ].join(' ');
}

/**
 * Who can take this referral, and of every other service why it cannot. Those that can come first, in the order in which to
 * ask them; the same question on the same directory has the same answer.
 *
 * Reasons stand for themselves: all that apply are told, so that whoever asks sees what would have to change. What is not
 * known of the person keeps nobody out, it is a warning. Life-saving referrals and those in the vital interest go without an
 * agreement; a deny rule holds always (domain.md §1.3, INV-05, INV-17).
 *
 * @param verdictOf consent and deny rules for an agency; asked for each service's agency
 */
export function whoCanTake(
  question: RoutingQuestion,
  directory: DirectoryView,
  verdictOf: VerdictOf,
): readonly Candidate[] {
  const bench = benchOf(question, directory, verdictOf);
  return directory.services
    .map((service) => judge(bench, service))
    .map((candidate) => ({ candidate, order: orderOf(bench, candidate) }))
    .sort((one, other) => (one.order < other.order ? -1 : 1))
    .map(({ candidate }, index) => (candidate.can ? { ...candidate, rank: index + 1 } : candidate));
}
