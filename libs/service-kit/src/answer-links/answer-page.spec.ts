import { describe, expect, it } from '@jest/globals';
import { RECEIPT_LANGUAGES, REFERRAL_SERVICES, type ReceiptLanguage, URGENCIES } from '@acogida/reference';
import { FULFILMENT_STATUSES, type Referral, type ReferralFacts, REQUEST_STATUSES } from '@acogida/referral';
import { answerOf, optionsOf } from './answer-options.ts';
import { type AnswerForm, answerPage, codePage, messagePage, refusedPage, thanksPage } from './answer-page.ts';
import { PAGE_TEXTS } from './page-texts/index.ts';

const NAMES = { sender: 'Puesto <Norte>', agency: 'Casa "Esperanza" & Paz' };
const AT = '2026-11-23T10:00:00.000Z';
const FACTS: ReferralFacts = {
  sex: 'FEMALE',
  ageStatus: 'DISPUTED',
  ageBand: { fromYears: 15, toYears: 17 },
  nationalities: ['HT'],
  nationalityStatus: 'DECLARED',
};

function formOf(changes: Partial<AnswerForm> = {}): AnswerForm {
  return {
    shown: { request: { service: 'SHELTER', urgency: 'URGENT' }, answerBy: AT, facts: FACTS },
    options: ['ACKNOWLEDGE', 'REJECT.NO_CAPACITY'],
    ...{ code: '123456', chosen: null, missing: [] },
    ...changes,
  };
}

function pagesIn(language: ReceiptLanguage): Readonly<Record<string, string>> {
  return {
    code: codePage(language, NAMES),
    answer: answerPage(language, NAMES, formOf()),
    errors: answerPage(language, NAMES, formOf({ missing: ['answer', 'confirmed'], chosen: 'nothing' })),
    withoutFacts: answerPage(language, NAMES, formOf({ shown: { ...formOf().shown, facts: null, answerBy: null } })),
    refused: refusedPage(language),
    tooMany: messagePage(language, 'tooMany'),
    later: messagePage(language, 'later'),
    changed: messagePage(language, 'changed'),
    thanks: thanksPage(language, NAMES, { url: 'https://node.test/answer/x?language=en', expiresAt: AT }),
    end: thanksPage(language, NAMES, null),
  };
}

const PAGES = RECEIPT_LANGUAGES.flatMap((language) =>
  Object.entries(pagesIn(language)).map(([name, html]) => [language, name, html] as const),
);

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The tags that open, in order. Text is escaped, so whatever begins with `<` is one. */
function tagsOf(html: string): readonly Tag[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)>/g)].map(([, name = '', rest = '']) => ({
    name,
    attributes: Object.fromEntries(
      [...rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [key, value]),
    ),
  }));
}

const VOID = ['meta', 'input', 'br'];

/** Whether every element is closed in its turn. */
function isWellNested(html: string): boolean {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.replace('<!doctype html>', '').matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (VOID.includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

describe.each(PAGES)('the page in %s: %s', (language, name, html) => {
  const tags = tagsOf(html);
  const all = (wanted: string): readonly Tag[] => tags.filter((tag) => tag.name === wanted);

  it('says its language, and that of each link to another', () => {
    expect(all('html')[0]?.attributes).toMatchObject({ lang: language, dir: 'ltr' });
    const links = all('a').filter(({ attributes }) => attributes['hreflang'] !== undefined);
    expect(links.map(({ attributes }) => [attributes['lang'], attributes['hreflang']])).toEqual(
      RECEIPT_LANGUAGES.map((other) => [other, other]),
    );
  });

  it('has a title, one main part and one first heading, in order, and is well nested', () => {
    expect(/<title>[^<]+<\/title>/.test(html)).toBe(true);
    expect([all('main').length, all('h1').length, all('nav').length]).toEqual([1, 1, 1]);
    expect(all('nav')[0]?.attributes['aria-label']).toBeTruthy();
    expect(isWellNested(html)).toBe(true);
  });

  it('labels every field, and points only to what is there, once', () => {
    const ids = tags.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const labelled = all('label').map(({ attributes }) => attributes['for']);
    const fields = all('input').filter(({ attributes }) => attributes['type'] !== 'hidden');
    for (const { attributes } of fields) expect(labelled).toContain(attributes['id']);
    const pointed = tags.flatMap(({ attributes }) => [
      ...(attributes['aria-describedby']?.split(' ') ?? []),
      ...(attributes['aria-labelledby']?.split(' ') ?? []),
      ...(attributes['for'] === undefined ? [] : [attributes['for']]),
      ...(attributes['href']?.startsWith('#') === true ? [attributes['href'].slice(1)] : []),
    ]);
    for (const id of pointed) expect(ids).toContain(id);
  });

  it('runs nothing, loads nothing, and needs no more than a form', () => {
    expect(
      tags.map((tag) => tag.name).filter((tag) => ['script', 'img', 'link', 'iframe', 'object'].includes(tag)),
    ).toEqual([]);
    expect(tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => key.startsWith('on'))).toEqual([]);
    for (const { attributes } of all('form')) expect(attributes['method']).toBe('post');
    for (const { attributes } of all('button')) expect(attributes['type']).toBe('submit');
  });

  it('puts names in as text and leaves no placeholder', () => {
    expect(html).not.toMatch(/<Norte>|"Esperanza"|& Paz|\{[a-z]+\}(?![^<]*<\/style>)/i);
    if (name === 'code') expect(html).toContain('Puesto &lt;Norte&gt;');
  });
});

describe('a page with errors', () => {
  const html = answerPage('es', NAMES, formOf({ missing: ['answer', 'confirmed'] }));

  it('begins with a summary that gets the focus and leads to each field', () => {
    const summary = tagsOf(html).find(({ attributes }) => attributes['class'] === 'errors');
    expect(summary?.attributes).toMatchObject({ role: 'alert', tabindex: '-1', autofocus: '' });
    expect(html.indexOf('class="errors"')).toBeLessThan(html.indexOf('<h1>'));
    expect(html).toContain('<title>Error: ');
    expect(html).toMatch(/<fieldset aria-describedby="answer-error"><legend>/);
    expect(html).toMatch(/id="confirmed"[^>]* aria-invalid="true" aria-describedby="confirmed-error"/);
  });

  it('keeps what was chosen', () => {
    const kept = answerPage('es', NAMES, formOf({ chosen: 'REJECT.NO_CAPACITY', missing: ['confirmed'] }));
    expect(kept).toContain('value="REJECT.NO_CAPACITY" checked>');
  });
});

describe('the answer page', () => {
  it('shows coded facts alone: no name, no document, no day of birth', () => {
    const html = answerPage('en', NAMES, formOf());
    for (const shown of ['Shelter or safe house', 'female', '15 to 17 years', 'treated as a child', 'Haiti']) {
      expect(html).toContain(shown);
    }
  });

  it('shows nothing of the person where that is not allowed', () => {
    const html = answerPage('en', NAMES, formOf({ shown: { ...formOf().shown, facts: null } }));
    for (const hidden of ['female', '15 to 17', 'Haiti']) expect(html).not.toContain(hidden);
    expect(html).toContain('Nothing about the person can be shown');
  });
});

describe('the words of the pages', () => {
  it.each(RECEIPT_LANGUAGES)('are all there in %s, and of that language', (language) => {
    const texts = PAGE_TEXTS[language];
    expect(Object.keys(texts.services)).toEqual(Object.keys(PAGE_TEXTS.en.services));
    expect(Object.values(texts.services)).toHaveLength(REFERRAL_SERVICES.length);
    expect(Object.values(texts.urgencies)).toHaveLength(URGENCIES.length);
    const flat = JSON.stringify(texts);
    for (const other of RECEIPT_LANGUAGES)
      if (other !== language) expect(flat).not.toBe(JSON.stringify(PAGE_TEXTS[other]));
    for (const text of [texts.intro, texts.confirm, texts.thanks, texts.next, texts.ageBand])
      expect(text).toMatch(/\{\w+\}/);
  });
});

describe('what can be chosen', () => {
  const at = (requestStatus: Referral['requestStatus'], fulfilment: Referral['fulfilment']): readonly string[] =>
    optionsOf({ requestStatus, fulfilment } as Referral);

  it('is what the merge table leaves to the receiver', () => {
    expect(at('REQUESTED', 'NONE')[0]).toBe('ACKNOWLEDGE');
    expect(at('REQUESTED', 'ACKNOWLEDGED').slice(0, 2)).toEqual(['HOLD', 'ACCEPT']);
    expect(at('REQUESTED', 'ON_HOLD')[0]).toBe('ACCEPT');
    expect(at('REQUESTED', 'IN_PROGRESS')).not.toContain('FAIL.CANCELLED_BY_SENDER');
    expect(at('CANCELLED', 'ACCEPTED')).toContain('FAIL.CANCELLED_BY_SENDER');
    for (const settled of [at('CANCELLED', 'NONE'), at('EXPIRED', 'NONE'), at('REQUESTED', 'COMPLETED')]) {
      expect(settled).toEqual([]);
    }
  });

  it('has words in every language and a step for each, in every state', () => {
    for (const request of REQUEST_STATUSES) {
      for (const fulfilment of FULFILMENT_STATUSES) {
        for (const option of optionsOf({ requestStatus: request, fulfilment } as Referral)) {
          for (const language of RECEIPT_LANGUAGES) expect(PAGE_TEXTS[language].options[option]).toBeTruthy();
          expect(answerOf(option).type).toMatch(/^[A-Z]/);
        }
      }
    }
  });
});
