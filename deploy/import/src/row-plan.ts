import type { JsonObject } from '@acogida/core';
import { type AgeStatus, isTreatedAsChild, RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import { ageStatusOf } from './ages.ts';
import type { AsylumMapping, ByAge, DateField, Mapping, ReferralMapping, TraffickingMapping } from './mapping.ts';
import type { RowCoder } from './row-coder.ts';

/** The request bodies with which one row is played; `referral` still lacks the case id. */
export interface RowPlan {
  readonly ageStatus: AgeStatus;
  readonly intake: string;
  readonly contact: JsonObject;
  readonly rightsInformation: JsonObject;
  readonly registration: JsonObject;
  readonly urgentNeeds: JsonObject;
  readonly trafficking: TraffickingPlan | null;
  readonly asylum: AsylumPlan | null;
}

/** The counter-trafficking part of a plan. */
export interface TraffickingPlan {
  readonly receiver: string;
  readonly flag: JsonObject;
  readonly referral: JsonObject;
  readonly safety: JsonObject;
  readonly consent: JsonObject;
  readonly interview: JsonObject;
  readonly outcome: JsonObject;
}

/** The asylum part of a plan. */
export interface AsylumPlan {
  readonly receiver: string;
  readonly intent: JsonObject;
  readonly referral: JsonObject;
  readonly application: JsonObject;
  readonly registration: JsonObject;
}

/** Coded facts of one person, JSON-ready; `undefined` parts belong to a row with problems, which is never played. */
type Body = Record<string, unknown>;
const json = (body: Body): JsonObject => body as JsonObject;

/** What the parts of a plan share. */
interface RowFacts {
  readonly coder: RowCoder;
  readonly ageStatus: AgeStatus;
  /** In which the rights information was given; undefined in a row with problems. */
  readonly informedIn: string | undefined;
  readonly rowKey: string;
}

/** The rule for this row's age, its language filled in. */
function consentOf<T extends { readonly language: string | null }>(rule: ByAge<T>, row: RowFacts): T {
  const consent = isTreatedAsChild(row.ageStatus) ? rule.child : rule.adult;
  return consent.language === 'AS_INFORMED' ? { ...consent, language: row.informedIn ?? null } : consent;
}

function referralBody(
  mapping: ReferralMapping & { readonly service: string; readonly to: string },
  row: RowFacts,
): JsonObject {
  const { coder } = row;
  return json({
    receiver: mapping.to,
    service: mapping.service,
    urgency: coder.coded(mapping.urgency),
    reason: coder.coded(mapping.reason),
    consent: { ...consentOf(mapping.consent, row), grantedOn: coder.date(mapping.consentGrantedOn) },
  });
}

function traffickingPlan(mapping: TraffickingMapping, row: RowFacts): TraffickingPlan | null {
  const { coder, ageStatus } = row;
  if (coder.coded(mapping.when) !== true) return null;
  const { screening } = mapping;
  const indicators = coder.united(mapping.indicators).map((one) => ({ list: 'ILO_EC_ADULT_LABOUR', ...one }));
  const consent = consentOf(screening.consent, row);
  return {
    receiver: mapping.receiver,
    flag: json({ source: coder.coded(mapping.flagSource), indicators }),
    referral: referralBody({ ...mapping, service: 'TRAFFICKING_SCREENING', to: mapping.receiver }, row),
    safety: json({ ...screening.safety }),
    consent: json({ ...consent }),
    interview: json({
      ageStatus,
      acts: coder.united(screening.acts),
      means: coder.united(screening.means),
      purposes: coder.united(screening.purposes),
      indicators: indicators.map((indicator) => ({ ...indicator, observed: 'YES' })),
      isInternal: coder.coded(screening.isInternal),
      sector: coder.coded(screening.sector),
      language: consent.language,
      interpretation: consent.interpretation,
    }),
    outcome: json({ outcome: coder.coded(screening.outcome), reason: coder.coded(screening.outcomeReason) }),
  };
}

function asylumPlan(mapping: AsylumMapping, row: RowFacts): AsylumPlan | null {
  const { coder, rowKey } = row;
  const receiver = coder.coded(mapping.receiver);
  if (receiver === null || receiver === undefined) return null;
  const day = (field: DateField): string | null | undefined => coder.date(field);
  return {
    receiver,
    intent: json({ expressedOn: day(mapping.expressedOn), manner: coder.coded(mapping.manner) }),
    referral: referralBody({ ...mapping, service: 'ASYLUM', to: receiver }, row),
    application: json({
      form: coder.coded(mapping.form),
      lodgedBy: coder.coded(mapping.lodgedBy),
      lodgedOn: day(mapping.lodgedOn),
      enteredOn: day(mapping.enteredOn),
    }),
    registration: json({ registeredOn: day(mapping.registeredOn), fileNumber: fileNumberOf(rowKey) }),
  };
}

/** A file number that is the same in every run: the beginning of the row's hash and its occurrence. */
function fileNumberOf(rowKey: string): string {
  const [hash = '', occurrence = '1'] = rowKey.split('-');
  return `IMP-${hash.slice(0, 16).toUpperCase()}-${occurrence}`;
}

/** Translates a row into requests. Problems are left in the coder; a plan whose coder has problems must not be played. */
export function planRow(mapping: Mapping, coder: RowCoder, rowKey: string): RowPlan {
  const ageBand = coder.age(mapping.person.age) ?? null;
  const ageStatus = ageStatusOf(ageBand);
  const { contact, rightsInformation, person } = mapping;
  const informedIn = coder.coded(rightsInformation.language);
  const row: RowFacts = { coder, ageStatus, informedIn, rowKey };
  return {
    ageStatus,
    intake: mapping.intake,
    contact: json({
      place: coder.coded(contact.place),
      channel: coder.coded(contact.channel),
      contactedOn: coder.date(contact.contactedOn),
      entryMode: coder.coded(contact.entryMode),
    }),
    rightsInformation: json({
      language: informedIn,
      understood: true,
      interpretation: coder.coded(rightsInformation.interpretation),
      topics: rightsInformation.topics === 'ALL' ? RIGHTS_TOPICS : rightsInformation.topics,
      packageVersion: rightsInformation.packageVersion,
    }),
    registration: json({
      sex: coder.coded(person.sex),
      ageBand,
      dobPrecision: ageBand === null ? 'UNKNOWN' : person.dobPrecision,
      ...coder.nationality(person.nationality),
      languages: coder.coded(person.languages),
      careStatus: coder.coded(person.careStatus),
    }),
    urgentNeeds: json({
      needs: URGENT_NEEDS.map((need) => ({ need, answer: coder.coded(mapping.urgentNeeds[need]) })),
    }),
    trafficking: mapping.trafficking === undefined ? null : traffickingPlan(mapping.trafficking, row),
    asylum: mapping.asylum === undefined ? null : asylumPlan(mapping.asylum, row),
  };
}
