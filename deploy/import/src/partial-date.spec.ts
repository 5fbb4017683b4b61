import { describe, expect, it } from '@jest/globals';
import { dateFaultOf, precisionOf } from './partial-date.ts';

const today = '2026-11-22';

describe('dateFaultOf', () => {
  it.each(['2026', '2026-11', '2026-11-22', '1900-01-01', '2024-02-29'])('accepts %s', (text) => {
    expect(dateFaultOf(text, today)).toBeNull();
  });

  it.each(['2027', '2026-12', '2026-11-23'])('refuses %s: it lies in the future', (text) => {
    expect(dateFaultOf(text, today)).toBe('DATE.IN_FUTURE');
  });

  it.each(['', '26', '2026-13', '2026-02-30', '2025-02-29', '22/11/2026', '2026-1-1', '1899', '0000'])(
    'refuses %j',
    (text) => {
      expect(dateFaultOf(text, today)).toBe('DATE.MALFORMED');
    },
  );
});

describe('precisionOf', () => {
  it('counts the parts', () => {
    expect(['2026', '2026-11', '2026-11-22'].map(precisionOf)).toEqual(['YEAR', 'MONTH', 'DAY']);
  });
});
