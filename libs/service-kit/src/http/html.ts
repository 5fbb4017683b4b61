import { hash } from 'node:crypto';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that stands in a page, or in a quoted attribute, as it is. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A paragraph of text. */
export const paragraph = (text: string): string => `<p>${escaped(text)}</p>`;

/** Content-Security-Policy of a page that shows itself in one inline style, loads nothing, and sends forms only where it says. */
export function pagePolicy(style: string, formAction: "'self'" | "'none'"): string {
  return (
    `default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action ${formAction}; ` +
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`
  );
}
