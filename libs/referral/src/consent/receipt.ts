import { DomainError, type Instant } from '@acogida/core';
import { calendarDateIn, type ReceiptLanguage } from '@acogida/reference';
import {
  type Acknowledgement,
  ANY_LISTED_FOR_SERVICE,
  type ConsentRecord,
  consentStatusAt,
  type KnownConsent,
} from './consent.ts';
import { RECEIPT_TEXTS, type ReceiptTexts } from './receipt-texts/index.ts';

/** A part of a receipt: paragraphs, then a list that belongs to the last of them. */
export interface ReceiptSection {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly items: readonly string[];
}

/** What a person is handed about a consent. No name, no case id: the consent's number is all that leads back to it. */
export interface ConsentReceipt {
  /** BCP 47. */
  readonly language: ReceiptLanguage;
  readonly title: string;
  readonly opening: readonly string[];
  readonly sections: readonly ReceiptSection[];
}

/** What a receipt needs beside the consent. */
export interface ReceiptSurroundings {
  /** When it is printed. */
  readonly at: Instant;
  /** Country whose calendar dates are shown, ISO 3166-1 alpha-2; null for a regional agency. */
  readonly country: string | null;
  /** Public name of an agency. */
  readonly nameOf: (agencyId: string) => string;
  /** Independent bodies that take complaints. */
  readonly oversight: readonly string[];
  /** Agencies that have not answered a withdrawal. */
  readonly awaited: readonly string[];
}

type Printing = ReceiptSurroundings & {
  readonly texts: ReceiptTexts;
  readonly dateOf: (instant: Instant) => string;
  readonly listed: (parts: readonly string[]) => string;
};

/** Fills `{…}` in. What is filled in is never read for `{…}` again. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

function dateIn({ months, date }: ReceiptTexts, calendarDate: string): string {
  const [year = '', month = '', day = ''] = calendarDate.split('-');
  return fill(date, { day: String(Number(day)), month: months[Number(month) - 1] ?? month, year });
}

function joined(parts: readonly string[], and: string): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')}${and}${last}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function basisSection({ facts, grantedAt }: KnownConsent, { texts, dateOf }: Printing): ReceiptSection {
  const said = facts.givenBy === 'GUARDIAN' ? texts.byGuardian : texts.basis[facts.basis];
  const paragraphs = [sentence(fill(said, { date: dateOf(grantedAt) }))];
  return { heading: texts.headings.basis, paragraphs, items: [] };
}

function whoSection({ facts }: KnownConsent, { texts, nameOf }: Printing): ReceiptSection {
  const { recipients, purposes } = facts.scope;
  const origin = purposes.includes('CONSULAR_CONTACT') ? texts.toOriginAsAsked : texts.notToOrigin;
  const items = recipients === ANY_LISTED_FOR_SERVICE ? [texts.anyListed] : recipients.map(nameOf);
  return { heading: texts.headings.who, paragraphs: [origin, texts.onlyThese], items };
}

function whatSection({ facts }: KnownConsent, { texts }: Printing): ReceiptSection {
  const { history, fields } = facts.scope;
  const items = fields.map((field) => texts.fields[field]);
  return { heading: texts.headings.what, paragraphs: [texts.history[history], texts.nothingElse], items };
}

function whySection({ facts }: KnownConsent, { texts, listed }: Printing): ReceiptSection {
  const { purposes, services } = facts.scope;
  const forServices = services.length === 0 ? '' : `: ${listed(services.map((service) => texts.services[service]))}`;
  const items = purposes.map((purpose) => `${texts.purposes[purpose]}${purpose === 'REFERRAL' ? forServices : ''}`);
  return { heading: texts.headings.why, paragraphs: [], items };
}

function untilSection(consent: KnownConsent, { texts, dateOf, at }: Printing): ReceiptSection {
  const { withdrawal, facts } = consent;
  const isOver = consentStatusAt(consent, at) === 'EXPIRED';
  const date = dateOf(withdrawal?.withdrawnAt ?? facts.expiresAt);
  const said = withdrawal === null ? (isOver ? texts.expired : texts.until) : texts.withdrawn;
  return { heading: texts.headings.until, paragraphs: [fill(said, { date })], items: [] };
}

function answerLines(
  agencyId: string,
  { destroyed, retained }: Acknowledgement,
  { texts, nameOf, listed }: Printing,
): string[] {
  const agency = nameOf(agencyId);
  const kept = retained.map(({ category, legalBasis, until }) =>
    fill(until === null ? texts.keeps : texts.keepsUntil, {
      agency,
      what: texts.categories[category],
      why: texts.retentionBases[legalBasis],
      date: until === null ? '' : dateIn(texts, until),
    }),
  );
  const what = listed(destroyed.map((category) => texts.categories[category]));
  const gone = destroyed.length === 0 ? [] : [fill(texts.destroyed, { agency, what })];
  return [...gone, ...(kept.length === 0 ? [fill(texts.keepsNothing, { agency })] : kept)];
}

function keptSection(
  acknowledgements: Readonly<Record<string, Acknowledgement>>,
  printing: Printing,
): readonly ReceiptSection[] {
  const { texts, nameOf, awaited } = printing;
  const items = [
    ...Object.entries(acknowledgements)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([agencyId, answer]) => answerLines(agencyId, answer, printing)),
    ...awaited.map((agencyId) => fill(texts.awaited, { agency: nameOf(agencyId) })),
  ];
  return items.length === 0 ? [] : [{ heading: texts.headings.kept, paragraphs: [], items }];
}

function closingSections({ consentId, withdrawal }: KnownConsent, printing: Printing): readonly ReceiptSection[] {
  const { texts, nameOf, oversight, listed } = printing;
  const { headings } = texts;
  const independent =
    oversight.length === 0 ? [] : [fill(texts.complainTo, { agencies: listed(oversight.map(nameOf)) })];
  return [
    {
      heading: headings.withdraw,
      paragraphs: withdrawal === null ? texts.howToWithdraw : [texts.alreadyWithdrawn],
      items: [],
    },
    { heading: headings.complain, paragraphs: [...texts.howToComplain, ...independent], items: [] },
    { heading: headings.reference, paragraphs: [fill(texts.reference, { reference: consentId })], items: [] },
  ];
}

function printingIn(language: ReceiptLanguage, surroundings: ReceiptSurroundings): Printing {
  const texts = RECEIPT_TEXTS[language];
  return {
    ...surroundings,
    texts,
    dateOf: (instant) => dateIn(texts, calendarDateIn(surroundings.country ?? '', instant)),
    listed: (parts) => joined(parts, texts.and),
  };
}

/**
 * The receipt of a consent for the person, in their language: who may see what, for what, until when, how to withdraw and
 * where to complain; after a withdrawal, what each agency destroyed and what it keeps and why.
 *
 * @throws DomainError CONSENT.NO_RECEIPT when nothing was ever agreed to
 */
export function consentReceipt(
  record: ConsentRecord,
  language: ReceiptLanguage,
  surroundings: ReceiptSurroundings,
): ConsentReceipt {
  const { facts, grantedAt } = record;
  if (facts === null || grantedAt === null)
    throw new DomainError('CONSENT.NO_RECEIPT', 'conflict', 'nothing was agreed to yet');
  const consent: KnownConsent = { ...record, facts, grantedAt };
  const printing = printingIn(language, surroundings);
  const { texts, at } = printing;
  const isInForce = consentStatusAt(record, at) === 'GRANTED';
  return {
    language,
    title: isInForce ? texts.title : texts.endedTitle,
    opening: texts.opening,
    sections: [
      basisSection(consent, printing),
      whoSection(consent, printing),
      whatSection(consent, printing),
      whySection(consent, printing),
      untilSection(consent, printing),
      ...(record.withdrawal === null ? [] : keptSection(record.acknowledgements, printing)),
      ...closingSections(consent, printing),
    ],
  };
}
