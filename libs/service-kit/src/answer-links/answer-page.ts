import type { Instant } from '@acogida/core';
import { RECEIPT_LANGUAGES, type ReceiptLanguage } from '@acogida/reference';
import type { ReferralFacts, ReferralRequest } from '@acogida/referral';
import { escaped, pagePolicy, paragraph } from '../http/html.ts';
import type { AnswerOption } from './answer-options.ts';
import { PAGE_TEXTS, type PageTexts } from './page-texts/index.ts';

/** Dark on white, large letters, visible focus, targets to be hit by a thumb. Nothing is loaded. */
const STYLE =
  'body{margin:0 auto;padding:1rem;max-width:40rem;font:1.125rem/1.6 sans-serif;color:#111;background:#fff}' +
  'h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.25rem}a{color:#003d99}ul.languages{list-style:none;padding:0}' +
  'ul.languages li{display:inline-block;margin-right:1rem}fieldset{border:1px solid #555;margin:1rem 0;padding:.5rem 1rem}' +
  'legend{font-weight:bold}label{display:inline-block;padding:.4rem 0}dt{font-weight:bold}dd{margin:0 0 .75rem}' +
  'input[type=text]{font:inherit;padding:.4rem;border:2px solid #333;width:8rem;display:block}' +
  'button{font:inherit;padding:.6rem 1.2rem;background:#003d99;color:#fff;border:0}' +
  ':focus{outline:3px solid #b35900;outline-offset:2px}.errors{border:3px solid #a30000;padding:.5rem 1rem}' +
  '.error{color:#a30000;font-weight:bold}.hint{color:#444}.address{overflow-wrap:anywhere}';

/** What a browser lets the page do: show itself in this one style, and send its form back to where it came from. */
export const ANSWER_PAGE_POLICY = pagePolicy(STYLE, "'self'");

/** The names that a page puts in. */
export interface PageNames {
  readonly sender: string;
  readonly agency: string;
}

/** What the form was sent without. */
export type MissingInput = 'answer' | 'confirmed';

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return escaped(text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder));
}

/** Languages of dates and countries: nobody writes those of Haitian Creole down, French is the nearest. */
const LOCALES: Readonly<Record<ReceiptLanguage, string>> = { es: 'es', en: 'en', pt: 'pt', fr: 'fr', ht: 'fr' };

function moment(instant: Instant, language: ReceiptLanguage): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat(LOCALES[language], format).format(new Date(instant))} UTC`;
}

function languageLinks({ chooseLanguage }: PageTexts): string {
  const links = RECEIPT_LANGUAGES.map(
    (language) =>
      `<li><a href="?language=${language}" lang="${language}" hreflang="${language}">` +
      `${escaped(PAGE_TEXTS[language].languageName)}</a></li>`,
  );
  return `<nav aria-label="${escaped(chooseLanguage)}"><ul class="languages">${links.join('')}</ul></nav>`;
}

function page(language: ReceiptLanguage, title: string, main: string): string {
  const texts = PAGE_TEXTS[language];
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style>`;
  const body = `${languageLinks(texts)}<main>${main}</main>`;
  return `<!doctype html>\n<html lang="${language}" dir="ltr"><head>${head}</head><body>${body}</body></html>\n`;
}

function form(language: ReceiptLanguage, content: string): string {
  return `<form method="post" action="?language=${language}" autocomplete="off">${content}</form>`;
}

/** Asks for the code. Says who asks whom, and nothing of the request: mail scanners and passers-by see this page. */
export function codePage(language: ReceiptLanguage, names: PageNames): string {
  const texts = PAGE_TEXTS[language];
  const field =
    `<label for="code">${escaped(texts.codeLabel)}</label><p class="hint" id="code-hint">${escaped(texts.codeHint)}</p>` +
    '<input type="text" id="code" name="code" inputmode="numeric" maxlength="12" autocomplete="one-time-code" required ' +
    'aria-describedby="code-hint">';
  const main =
    `<h1>${escaped(texts.title)}</h1><p>${filled(texts.intro, { ...names })}</p>${paragraph(texts.privacy)}` +
    form(language, `${field}<p><button type="submit">${escaped(texts.continue)}</button></p>`);
  return page(language, texts.title, main);
}

/** One and the same page for a link that never was, is used, over or replaced, and for a wrong code. */
export function refusedPage(language: ReceiptLanguage): string {
  const { refusedTitle, refused, tryAgain } = PAGE_TEXTS[language];
  const again = `<p><a href="?language=${language}">${escaped(tryAgain)}</a></p>`;
  return page(language, refusedTitle, `<h1>${escaped(refusedTitle)}</h1>${refused.map(paragraph).join('')}${again}`);
}

/** Something else stands in the way; the link is as good as before. */
export function messagePage(language: ReceiptLanguage, message: 'tooMany' | 'later' | 'changed'): string {
  const texts = PAGE_TEXTS[language];
  const title = texts[`${message}Title`];
  const again = `<p><a href="?language=${language}">${escaped(texts.tryAgain)}</a></p>`;
  return page(language, title, `<h1>${escaped(title)}</h1>${paragraph(texts[message])}${again}`);
}

/** What is shown of a request to who has link and code. */
export interface ShownRequest {
  readonly request: Pick<ReferralRequest, 'service' | 'urgency'>;
  readonly answerBy: Instant | null;
  /** Null where consent and deny rules do not allow it. */
  readonly facts: ReferralFacts | null;
}

function age({ ageStatus, ageBand }: ReferralFacts, texts: PageTexts): string {
  const { fromYears = null, toYears = null } = ageBand ?? {};
  const status = texts.ageStatuses[ageStatus];
  if (fromYears === null && toYears === null) return status;
  const band = texts.ageBand.replace('{from}', String(fromYears ?? '…')).replace('{to}', String(toYears ?? '…'));
  return `${band} (${status})`;
}

function nationalities(
  { nationalities: codes }: ReferralFacts,
  language: ReceiptLanguage,
  { unknown }: PageTexts,
): string {
  const names = new Intl.DisplayNames(LOCALES[language], { type: 'region', fallback: 'code' });
  return codes.length === 0 ? unknown : codes.map((code) => names.of(code) ?? code).join(', ');
}

function requestList({ request, answerBy, facts }: ShownRequest, language: ReceiptLanguage): string {
  const texts = PAGE_TEXTS[language];
  const { rows } = texts;
  const row = (term: string, content: string): string => `<dt>${escaped(term)}</dt><dd>${content}</dd>`;
  const protocol = [
    row(rows.service, escaped(texts.services[request.service])),
    row(rows.urgency, escaped(texts.urgencies[request.urgency])),
    ...(answerBy === null
      ? []
      : [row(rows.answerBy, `<time datetime="${answerBy}">${escaped(moment(answerBy, language))}</time>`)]),
  ];
  const person =
    facts === null
      ? []
      : [
          row(rows.sex, escaped(texts.sexes[facts.sex])),
          row(rows.age, escaped(age(facts, texts))),
          row(rows.nationalities, escaped(nationalities(facts, language, texts))),
        ];
  const list = `<dl>${[...protocol, ...person].join('')}</dl>`;
  return facts === null ? `${list}${paragraph(texts.factsHidden)}` : list;
}

function errorSummary(missing: readonly MissingInput[], texts: PageTexts, firstOption: string): string {
  if (missing.length === 0) return '';
  const items = missing.map((input) =>
    input === 'answer'
      ? `<li><a href="#${firstOption}">${escaped(texts.chooseAnswer)}</a></li>`
      : `<li><a href="#confirmed">${escaped(texts.confirmNeeded)}</a></li>`,
  );
  const title = `<h2 id="errors-title">${escaped(texts.errorTitle)}</h2>`;
  return `<div class="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">${title}<ul>${items.join('')}</ul></div>`;
}

/** What an answer is asked with. `code` goes back with the answer: without it a link alone answers nothing. */
export interface AnswerForm {
  readonly shown: ShownRequest;
  readonly options: readonly AnswerOption[];
  readonly code: string;
  readonly chosen: string | null;
  readonly missing: readonly MissingInput[];
}

function optionFields({ options, chosen, missing }: AnswerForm, texts: PageTexts): string {
  const lacks = missing.includes('answer');
  const error = lacks ? `<p class="error" id="answer-error">${escaped(texts.chooseAnswer)}</p>` : '';
  const radios = options.map((option, index) => {
    const checked = option === chosen ? ' checked' : '';
    const input = `<input type="radio" id="answer-${index}" name="answer" value="${option}"${checked}>`;
    return `<div>${input} <label for="answer-${index}">${escaped(texts.options[option])}</label></div>`;
  });
  const described = lacks ? ' aria-describedby="answer-error"' : '';
  return `<fieldset${described}><legend>${escaped(texts.legend)}</legend>${error}${radios.join('')}</fieldset>`;
}

function confirmation({ missing }: AnswerForm, texts: PageTexts, names: PageNames): string {
  const lacks = missing.includes('confirmed');
  const error = lacks ? `<p class="error" id="confirmed-error">${escaped(texts.confirmNeeded)}</p>` : '';
  const invalid = lacks ? ' aria-invalid="true" aria-describedby="confirmed-error"' : '';
  return (
    `${error}<p><input type="checkbox" id="confirmed" name="confirmed" value="yes"${invalid}> ` +
    `<label for="confirmed">${filled(texts.confirm, { ...names })}</label></p>`
  );
}

/** Shows the request and asks for the answer: one list to choose from, so that no field depends on another. */
export function answerPage(language: ReceiptLanguage, names: PageNames, asked: AnswerForm): string {
  const texts = PAGE_TEXTS[language];
  const hidden = `<input type="hidden" name="code" value="${escaped(asked.code)}"><input type="hidden" name="step" value="answer">`;
  const fields = `${hidden}${optionFields(asked, texts)}${confirmation(asked, texts, names)}`;
  const main =
    errorSummary(asked.missing, texts, 'answer-0') +
    `<h1>${escaped(texts.title)}</h1><p>${filled(texts.intro, { ...names })}</p>` +
    `<h2>${escaped(texts.requestTitle)}</h2>${requestList(asked.shown, language)}` +
    form(language, `${fields}<p><button type="submit">${escaped(texts.send)}</button></p>`);
  return page(language, `${asked.missing.length > 0 ? texts.errorPrefix : ''}${texts.title}`, main);
}

/** The answer was taken down; `next` is where the one after it is given, null when none is expected. */
export function thanksPage(
  language: ReceiptLanguage,
  names: PageNames,
  next: { readonly url: string; readonly expiresAt: Instant } | null,
): string {
  const texts = PAGE_TEXTS[language];
  const rest =
    next === null
      ? paragraph(texts.nothingMore)
      : `<h2>${escaped(texts.nextTitle)}</h2><p>${filled(texts.next, { until: moment(next.expiresAt, language) })}</p>` +
        `<p class="address"><a href="${escaped(next.url)}">${escaped(next.url)}</a></p>`;
  const main = `<h1>${escaped(texts.thanksTitle)}</h1><p>${filled(texts.thanks, { ...names })}</p>${rest}`;
  return page(language, texts.thanksTitle, main);
}
