import type { ConsentReceipt, ReceiptSection } from '@acogida/referral';
import { escaped, pagePolicy, paragraph } from '../http/html.ts';

/** Large letters, dark on white, one column, room to print: no script, nothing loaded. */
const STYLE =
  'body{margin:0 auto;padding:1rem;max-width:38rem;font:1.125rem/1.6 sans-serif;color:#111;background:#fff}' +
  'h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.25rem;margin:1.5rem 0 .25rem}p,ul{margin:.25rem 0}' +
  '@media print{body{font-size:12pt;max-width:none}section{break-inside:avoid}}';

/** What a browser lets the page do: show itself in this one style. */
export const RECEIPT_PAGE_POLICY = pagePolicy(STYLE, "'none'");

function section({ heading, paragraphs, items }: ReceiptSection, index: number): string {
  const list = items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
  const title = `<h2 id="part-${index}">${escaped(heading)}</h2>`;
  return `<section aria-labelledby="part-${index}">${title}${paragraphs.map(paragraph).join('')}${list}</section>`;
}

/** The receipt as a page that a screen reader reads in order and a printer prints: headings, paragraphs, lists. */
export function receiptPage({ language, title, opening, sections }: ConsentReceipt): string {
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escaped(title)}</title><style>${STYLE}</style>`;
  const main = `<h1>${escaped(title)}</h1>${opening.map(paragraph).join('')}${sections.map(section).join('')}`;
  return `<!doctype html>\n<html lang="${language}" dir="ltr"><head>${head}</head><body><main>${main}</main></body></html>\n`;
}

/** Quality of a media type in an `Accept` header (RFC 9110 §12.5.1), 0 when it is not named. */
function qualityOf(accept: string, type: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (name !== type) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}

/** Whether a client asks for a page rather than for JSON. Programs that say nothing, or anything, get JSON. */
export function wantsPage(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const page = qualityOf(accept, 'text/html');
  return page > 0 && page >= qualityOf(accept, 'application/json');
}
