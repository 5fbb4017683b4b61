import type { ReceiptLanguage } from '@acogida/reference';
import { ENGLISH } from './en.ts';
import { SPANISH } from './es.ts';
import { FRENCH } from './fr.ts';
import { HAITIAN_CREOLE } from './ht.ts';
import type { PageTexts } from './page-texts.ts';
import { PORTUGUESE } from './pt.ts';

export type { PageTexts } from './page-texts.ts';

/** The pages' words by language. */
export const PAGE_TEXTS: Readonly<Record<ReceiptLanguage, PageTexts>> = {
  es: SPANISH,
  en: ENGLISH,
  pt: PORTUGUESE,
  fr: FRENCH,
  ht: HAITIAN_CREOLE,
};
