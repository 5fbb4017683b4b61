import { describe, expect, it } from '@jest/globals';
import * as reference from './index.ts';

const lists = Object.entries(reference).filter(([name]) => name.endsWith('_LABELS')) as [string, reference.Labels][];

describe('code lists', () => {
  it.each(lists)('%s has stable codes with a label in both languages', (name, labels) => {
    expect(Object.keys(labels).length).toBeGreaterThan(0);
    for (const [code, { es, en }] of Object.entries(labels)) {
      expect(code).toMatch(name === 'LANGUAGE_LABELS' ? /^[a-z]{3}$/ : /^[A-Z][A-Z0-9_]*$/);
      expect(es.trim()).not.toBe('');
      expect(en.trim()).not.toBe('');
    }
  });

  it('holds the lists of domain.md §1.4, §2.1 and §2.4 in full', () => {
    expect(reference.CHANNELS).toHaveLength(7);
    expect(reference.RIGHTS_TOPICS).toHaveLength(11);
    expect(reference.URGENT_NEEDS).toHaveLength(8);
    expect(reference.REFERRAL_SERVICES).toHaveLength(17);
    expect(reference.REJECT_REASONS).toHaveLength(5);
    expect(reference.TRAFFICKING_ACTS).toHaveLength(5);
    expect(reference.TRAFFICKING_MEANS).toHaveLength(9);
    expect(reference.TRAFFICKING_PURPOSES).toHaveLength(11);
    expect(reference.TRAFFICKING_OUTCOMES).toHaveLength(5);
  });

  it('gives each urgency its time to acknowledge', () => {
    expect(reference.ACKNOWLEDGE_WITHIN_MS).toEqual({
      LIFE_SAVING: 3_600_000,
      URGENT: 86_400_000,
      PRIORITY: 259_200_000,
      ROUTINE: 604_800_000,
    });
  });

  it('tells codes from other texts', () => {
    expect(reference.isCode(reference.SEXES, 'FEMALE')).toBe(true);
    expect(reference.isCode(reference.SEXES, 'toString')).toBe(false);
    expect(reference.isAgencyId('cr-border-intake')).toBe(true);
    expect(reference.isAgencyId('CR Border')).toBe(false);
    expect(reference.isAgencyId('a'.repeat(61))).toBe(false);
    expect(reference.isLanguage('hat')).toBe(true);
    expect(reference.isLanguage('ht')).toBe(false);
  });

  it('reads languages that others write in two letters, all of which the Unicode data knows as the same', () => {
    const letters = Array.from({ length: 26 }, (_, place) => String.fromCodePoint(97 + place));
    const codes = letters.flatMap((one) => letters.map((other) => `${one}${other}`));
    const known = codes.filter((code) => reference.languageOfTwoLetters(code) !== code);
    expect(known.length).toBe(183);
    const canonical = (code: string): string => Intl.getCanonicalLocales(code)[0] ?? '';
    const unlike = known.filter((code) => canonical(reference.languageOfTwoLetters(code)) !== canonical(code));
    expect(unlike).toEqual(['tw']); // there Twi is Akan
    for (const code of reference.LANGUAGES) {
      const two = canonical(code);
      if (two.length === 2) expect(reference.languageOfTwoLetters(two)).toBe(code);
    }
    expect(['spa', 'qq'].map(reference.languageOfTwoLetters)).toEqual(['spa', 'qq']);
  });

  it('INV-08 treats doubt on age as a child', () => {
    expect(reference.isTreatedAsChild('DISPUTED')).toBe(true);
    expect(reference.isTreatedAsChild('CHILD')).toBe(true);
    expect(reference.isTreatedAsChild('ADULT')).toBe(false);
  });

  it.each([
    ['2026', true],
    ['2026-11', true],
    ['2026-11-22', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-13', false],
    ['26', false],
    ['2026-11-22T09:00:00.000Z', false],
  ])('takes %s for a partial date: %s', (text, expected) => {
    expect(reference.isPartialDate(text)).toBe(expected);
  });
});

describe('trafficking indicators', () => {
  it('has 10, 10, 16, 9, 15 and 7 items in the six dimensions', () => {
    const counts = reference.INDICATOR_DIMENSIONS.map(
      (dimension) => reference.TRAFFICKING_INDICATORS.filter((one) => one.dimension === dimension).length,
    );
    expect(reference.INDICATOR_DIMENSIONS).toEqual(['DR', 'CR', 'VR', 'EX', 'CD', 'VD']);
    expect(counts).toEqual([10, 10, 16, 9, 15, 7]);
  });

  it('has the strengths of domain.md §2.4', () => {
    const strengths = reference.INDICATOR_DIMENSIONS.map((dimension) => {
      const items = reference.TRAFFICKING_INDICATORS.filter((one) => one.dimension === dimension);
      return reference.INDICATOR_STRENGTHS.map((strength) => items.filter((one) => one.strength === strength).length);
    });
    expect(strengths).toEqual([
      [1, 8, 1],
      [1, 8, 1],
      [0, 12, 4],
      [1, 7, 1],
      [4, 10, 1],
      [0, 5, 2],
    ]);
  });

  it('has stable codes, unique in their dimension', () => {
    const keys = reference.TRAFFICKING_INDICATORS.map(({ dimension, code }) => `${dimension} ${code}`);
    expect(new Set(keys).size).toBe(67);
    for (const { code } of reference.TRAFFICKING_INDICATORS) expect(code).toMatch(/^[A-Z][A-Z_]{0,59}$/);
    expect(reference.findIndicator('CD', 'DOCUMENTS_TAKEN')?.strength).toBe('S');
    expect(reference.findIndicator('CR', 'DOCUMENTS_TAKEN')?.strength).toBe('M');
    expect(reference.findIndicator('DR', 'DOCUMENTS_TAKEN')).toBeUndefined();
  });
});

describe('specific needs', () => {
  it('has the categories of domain.md §1.6, codes unique, survivors and health restricted', () => {
    const codes = reference.SPECIFIC_NEEDS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(codes.map((code) => code.slice(0, 2)))).toEqual(
      new Set(['CR', 'SC', 'WR', 'ER', 'DS', 'SM', 'PG', 'SP', 'FU', 'LP', 'SV', 'TR']),
    );
    for (const { code, restricted } of reference.SPECIFIC_NEEDS) {
      expect(code).toMatch(/^[A-Z]{2}-[A-Z]{2}$/);
      expect(restricted).toBe(['SV', 'TR', 'SM'].includes(code.slice(0, 2)));
    }
  });
});

describe('countries', () => {
  it('has every assigned code once, each with a name', () => {
    expect(reference.COUNTRIES).toHaveLength(249);
    expect(new Set(reference.COUNTRIES).size).toBe(249);
    for (const code of reference.COUNTRIES) expect(reference.countryLabel(code).es).not.toBe(code);
    expect(reference.isCountry('CR')).toBe(true);
    expect(reference.isCountry('XX')).toBe(false);
  });
});
