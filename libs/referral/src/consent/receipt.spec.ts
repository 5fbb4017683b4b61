import { describe, expect, it } from '@jest/globals';
import { DomainError, fold } from '@acogida/core';
import { RECEIPT_LANGUAGES, type ReceiptLanguage, receiptLanguageOf } from '@acogida/reference';
import {
  CASE_ID,
  CONSENT_ID,
  EXPIRES_AT,
  FACTS,
  GIVEN_AT,
  GRANTED,
  INTAKE,
  RECEIVER,
  RECORDED,
  REQUESTED,
  THIRD,
  WITHDRAWN,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { ANY_LISTED_FOR_SERVICE, consentOf } from './consent.ts';
import { consentDecider } from './procedure.ts';
import { type ConsentReceipt, consentReceipt, type ReceiptSurroundings } from './receipt.ts';
import { RECEIPT_TEXTS } from './receipt-texts/index.ts';

const NAMES: Readonly<Record<string, string>> = {
  [INTAKE]: 'Border reception',
  [RECEIVER]: 'Coalition against trafficking',
  [THIRD]: 'Refugee unit',
  'cr-ombudsman': 'Ombudsman',
};
const AROUND: ReceiptSurroundings = {
  at: GIVEN_AT,
  country: 'CR',
  nameOf: (agencyId) => NAMES[agencyId] ?? agencyId,
  oversight: ['cr-ombudsman'],
  awaited: [],
};

function receiptAfter(
  history: readonly ConsentEvent[],
  language: ReceiptLanguage = 'en',
  around: Partial<ReceiptSurroundings> = {},
): ConsentReceipt {
  const record = consentOf(fold(consentDecider, history), CONSENT_ID);
  if (record === undefined) throw new Error('no such consent');
  return consentReceipt(record, language, { ...AROUND, ...around });
}

function sectionOf(
  { sections }: ConsentReceipt,
  heading: string,
): { paragraphs: readonly string[]; items: readonly string[] } {
  const found = sections.filter((section) => section.heading === heading);
  expect(found).toHaveLength(1);
  return { paragraphs: found[0]?.paragraphs ?? [], items: found[0]?.items ?? [] };
}

/** Paths of all texts, `headings.who`, and how many months. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${path}.${key}`));
}

function textsOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [String(value)];
}

const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('the receipt', () => {
  it('says who may see what, for what, until when, how to withdraw and where to complain', () => {
    const { headings, ...texts } = RECEIPT_TEXTS.en;
    const receipt = receiptAfter([GRANTED]);
    expect(receipt).toMatchObject({ language: 'en', title: 'What you agreed to share', opening: texts.opening });
    expect(sectionOf(receipt, headings.basis)).toEqual({ paragraphs: ['You agreed on 22 November 2026.'], items: [] });
    expect(sectionOf(receipt, headings.who)).toEqual({
      paragraphs: [texts.notToOrigin, 'Only these may see it:'],
      items: ['Coalition against trafficking'],
    });
    expect(sectionOf(receipt, headings.what)).toEqual({
      paragraphs: [texts.history.CURRENT, texts.nothingElse],
      items: ['your sex', 'your nationality', texts.fields.FACTS],
    });
    expect(sectionOf(receipt, headings.why)).toEqual({
      paragraphs: [],
      items: [`${texts.purposes.REFERRAL}: ${texts.services.TRAFFICKING_SCREENING}`],
    });
    expect(sectionOf(receipt, headings.until)).toEqual({
      paragraphs: [texts.until.replace('{date}', '22 November 2027')],
      items: [],
    });
    expect(sectionOf(receipt, headings.withdraw)).toEqual({ paragraphs: texts.howToWithdraw, items: [] });
    expect(sectionOf(receipt, headings.complain)).toEqual({
      paragraphs: [...texts.howToComplain, 'You can also complain to somebody independent: Ombudsman.'],
      items: [],
    });
    expect(sectionOf(receipt, headings.reference).paragraphs).toEqual([expect.stringContaining(CONSENT_ID)]);
    expect(receipt.sections).toHaveLength(8);
  });

  it('INV-20 holds no case id and no code', () => {
    const text = JSON.stringify(receiptAfter([GRANTED]));
    expect(text).not.toContain(CASE_ID);
    expect(text).not.toMatch(/[A-Z]+_[A-Z]+/);
    expect(text).not.toMatch(/\{\w+\}/);
  });

  it.each([
    ['es', '22 de noviembre de 2026'],
    ['en', '22 November 2026'],
    ['pt', '22 de novembro de 2026'],
    ['fr', '22 novembre 2026'],
    ['ht', '22 novanm 2026'],
  ] as const)('is in %s, all of it', (language, date) => {
    const receipt = receiptAfter([GRANTED], language);
    expect(receipt).toMatchObject({ language, title: RECEIPT_TEXTS[language].title });
    expect(receipt.sections[0]?.paragraphs[0]).toContain(date);
    expect(receipt.sections.map(({ heading }) => heading)).toEqual(
      (['basis', 'who', 'what', 'why', 'until', 'withdraw', 'complain', 'reference'] as const).map(
        (heading) => RECEIPT_TEXTS[language].headings[heading],
      ),
    );
  });

  it('shows dates as they are in the country', () => {
    const lateAt: ConsentEvent = {
      type: 'ConsentGranted',
      data: { ...RECORDED, grantedAt: '2026-11-22T05:00:00.000Z' },
    };
    expect(receiptAfter([lateAt]).sections[0]?.paragraphs).toEqual(['You agreed on 21 November 2026.']);
    expect(receiptAfter([lateAt], 'en', { country: null }).sections[0]?.paragraphs).toEqual([
      'You agreed on 22 November 2026.',
    ]);
  });

  it('says who represents the person, what the directory decides, and that the country of origin is contacted', () => {
    const scope = { ...FACTS.scope, recipients: ANY_LISTED_FOR_SERVICE } as const;
    const guardian: ConsentEvent = { type: 'ConsentGranted', data: { ...RECORDED, givenBy: 'GUARDIAN', scope } };
    const receipt = receiptAfter([guardian]);
    expect(receipt.sections[0]?.paragraphs).toEqual([
      'The person who represents you agreed for you on 22 November 2026.',
    ]);
    expect(receipt.sections[1]?.items).toEqual([RECEIPT_TEXTS.en.anyListed]);
    const consular = { ...FACTS.scope, purposes: ['CONSULAR_CONTACT'], services: [] } as const;
    const contact: ConsentEvent = { type: 'ConsentGranted', data: { ...RECORDED, scope: consular } };
    expect(receiptAfter([contact]).sections[1]?.paragraphs[0]).toBe(RECEIPT_TEXTS.en.toOriginAsAsked);
  });

  it('names no independent body where there is none', () => {
    const receipt = receiptAfter([GRANTED], 'en', { oversight: [] });
    expect(sectionOf(receipt, RECEIPT_TEXTS.en.headings.complain).paragraphs).toEqual(RECEIPT_TEXTS.en.howToComplain);
  });

  it('says that it has ended', () => {
    const receipt = receiptAfter([GRANTED], 'en', { at: EXPIRES_AT });
    expect(receipt.title).toBe(RECEIPT_TEXTS.en.endedTitle);
    expect(receipt.sections[4]?.paragraphs).toEqual(['This ended on 22 November 2027.']);
  });

  it('says after a withdrawal what each agency destroyed, keeps and why, and who has not answered', () => {
    const acknowledged = (agency: string, rest: object): ConsentEvent => ({
      type: 'WithdrawalAcknowledged',
      data: {
        ...{ consentId: CONSENT_ID, caseId: CASE_ID, agency, acknowledgedAt: WITHDRAWN_AT },
        ...{ destroyed: [], retained: [], ...rest },
      },
    });
    const receipt = receiptAfter(
      [
        ...[GRANTED, WITHDRAWN, acknowledged(INTAKE, {})],
        acknowledged(RECEIVER, {
          destroyed: ['IDENTITY', 'ATTACHMENTS'],
          retained: [
            { category: 'CASE_FILE', legalBasis: 'PUBLIC_RECORD', until: '2036-12-31' },
            { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null },
          ],
        }),
      ],
      'en',
      { awaited: [THIRD] },
    );
    expect(receipt.title).toBe(RECEIPT_TEXTS.en.endedTitle);
    expect(sectionOf(receipt, RECEIPT_TEXTS.en.headings.until).paragraphs).toEqual([
      'You ended this on 1 December 2026. Nothing more is shared.',
    ]);
    expect(sectionOf(receipt, RECEIPT_TEXTS.en.headings.kept).items).toEqual([
      'Border reception keeps nothing.',
      'Coalition against trafficking deleted your name and identity and copies of documents.',
      'Coalition against trafficking keeps the file of your procedure until 31 December 2036: the law says that public offices keep it.',
      'Coalition against trafficking keeps the note that you agreed and then said no: it has to be able to show what you decided.',
      'Refugee unit has not answered yet.',
    ]);
    expect(sectionOf(receipt, RECEIPT_TEXTS.en.headings.withdraw).paragraphs).toEqual([
      RECEIPT_TEXTS.en.alreadyWithdrawn,
    ]);
  });

  it('is refused before anything was agreed to', () => {
    expect(() => receiptAfter([REQUESTED])).toThrow(DomainError);
  });
});

describe('the texts', () => {
  it.each(RECEIPT_LANGUAGES)('in %s are complete: the same as in English, none empty', (language) => {
    expect(pathsOf(RECEIPT_TEXTS[language]).sort()).toEqual(pathsOf(RECEIPT_TEXTS.en).sort());
    expect(textsOf(RECEIPT_TEXTS[language]).filter((text) => text.trim() === '')).toEqual([]);
    expect(RECEIPT_TEXTS[language].months).toHaveLength(12);
  });

  it.each(RECEIPT_LANGUAGES)('in %s fill in the same places', (language) => {
    expect(textsOf(RECEIPT_TEXTS[language]).map(places)).toEqual(textsOf(RECEIPT_TEXTS.en).map(places));
  });

  it.each(RECEIPT_LANGUAGES)('in %s are in short sentences', (language) => {
    const sentences = textsOf(RECEIPT_TEXTS[language]).flatMap((text) => text.split(/(?<=[.:])\s/));
    expect(sentences.filter((sentence) => sentence.split(/\s+/).length > 22)).toEqual([]);
  });

  it('are chosen by what the person understands, Spanish where there is none of its own', () => {
    expect(['spa', 'eng', 'por', 'fra', 'hat', 'quc', null].map(receiptLanguageOf)).toEqual([
      'es',
      'en',
      'pt',
      'fr',
      'ht',
      'es',
      'es',
    ]);
  });
});
