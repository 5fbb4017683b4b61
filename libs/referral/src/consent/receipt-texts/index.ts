import type { ReceiptLanguage } from '@acogida/reference';
import { ENGLISH } from './en.ts';
import { SPANISH } from './es.ts';
import { FRENCH } from './fr.ts';
import { HAITIAN_CREOLE } from './ht.ts';
import { PORTUGUESE } from './pt.ts';
import type { ReceiptTexts } from './receipt-texts.ts';

export type { ReceiptTexts } from './receipt-texts.ts';

/** The receipt's texts by language. */
export const RECEIPT_TEXTS: Readonly<Record<ReceiptLanguage, ReceiptTexts>> = {
  es: SPANISH,
  en: ENGLISH,
  pt: PORTUGUESE,
  fr: FRENCH,
  ht: HAITIAN_CREOLE,
};
