import { isLanguage } from '@acogida/reference';
import { refusal } from './refusal.ts';

const MOST_LANGUAGES = 50;

/**
 * Lists of an entry say each thing once: what repeats itself fits no contract, and nobody would read what is published of it.
 *
 * @throws DomainError DIRECTORY.ENTRY_REPEATS
 */
export function requireSaidOnce(list: readonly unknown[]): void {
  if (new Set(list.map((one) => JSON.stringify(one))).size === list.length) return;
  throw refusal('DIRECTORY.ENTRY_REPEATS', 'a list says each thing once');
}

/** @throws DomainError DIRECTORY.LANGUAGE_MALFORMED, ENTRY_REPEATS */
export function requireLanguages(languages: readonly string[]): void {
  if (languages.length > MOST_LANGUAGES || !languages.every(isLanguage)) {
    throw refusal('DIRECTORY.LANGUAGE_MALFORMED', 'at most 50 codes of ISO 639-3');
  }
  requireSaidOnce(languages);
}
