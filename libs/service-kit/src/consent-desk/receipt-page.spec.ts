import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RECEIPT_PAGE_POLICY, receiptPage, wantsPage } from './receipt-page.ts';

const page = receiptPage({
  language: 'ht',
  title: 'Sa ou dakò',
  opening: ['Fèy sa a se pou ou.'],
  sections: [
    { heading: 'Kiyès', paragraphs: ['Yo:'], items: ['A & <b>B</b>', '"C"'] },
    { heading: 'Kilè', paragraphs: ['Jodi a', 'Demen'], items: [] },
  ],
});

describe('the page of a receipt', () => {
  it('says its language, has one main heading, and sections in order that are named by theirs', () => {
    expect(page).toContain('<html lang="ht" dir="ltr">');
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(
      [...page.matchAll(/<section aria-labelledby="([^"]+)"><h2 id="([^"]+)">/g)].map(([, by, id]) => [by, id]),
    ).toEqual([
      ['part-0', 'part-0'],
      ['part-1', 'part-1'],
    ]);
    expect(page).toContain('<p>Jodi a</p><p>Demen</p></section>');
    expect(page).toContain('<main>');
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
  });

  it('escapes what it shows', () => {
    expect(page).toContain('<ul><li>A &amp; &lt;b&gt;B&lt;/b&gt;</li><li>&quot;C&quot;</li></ul>');
  });

  it('runs and loads nothing, and its style is the one that its policy allows', () => {
    expect(page).not.toMatch(/<script|<link|<img|<form|src=|href=|\son\w+=/);
    const style = /<style>(.*?)<\/style>/.exec(page)?.[1] ?? '';
    expect(RECEIPT_PAGE_POLICY).toContain(`style-src 'sha256-${hash('sha256', style, 'base64')}'`);
    expect(RECEIPT_PAGE_POLICY).toContain("default-src 'none'");
  });
});

describe('what a client wants', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['text/html', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json, text/html;q=0.5', false],
    ['application/json;q=0.5, text/html;q=0.9', true],
    ['text/html;q=0', false],
    ['TEXT/HTML;level=1', true],
  ])('%p: a page %p', (accept, expected) => {
    expect(wantsPage(accept)).toBe(expected);
  });
});
