import { describe, expect, it } from '@jest/globals';
import { codeHashOf, isCode, makeCode, makeToken, tokenHashOf, typedCode } from './link-secrets.ts';

describe('the secrets of a link', () => {
  it('are 32 random bytes and six digits, new each time', () => {
    const tokens = new Set(Array.from({ length: 50 }, makeToken));
    expect(tokens.size).toBe(50);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    for (let time = 0; time < 200; time += 1) expect(makeCode()).toMatch(/^\d{6}$/);
  });

  it('are kept as what neither can be told from', () => {
    const token = makeToken();
    expect(tokenHashOf(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(codeHashOf(token, '123456')).not.toBe(codeHashOf(makeToken(), '123456'));
  });

  it.each(['', 'short', 'x'.repeat(44), `${'x'.repeat(42)}/`, `${'x'.repeat(42)}\n`])(
    'do not take %j for a token',
    (text) => {
      expect(tokenHashOf(text)).toBeNull();
    },
  );

  it.each([
    ['123456', true],
    ['123457', false],
    ['12345', false],
    ['1234567', false],
    ['', false],
  ])('take the code %s for the right one: %s', (typed, right) => {
    const token = makeToken();
    expect(isCode(token, typed, codeHashOf(token, '123456'))).toBe(right);
  });

  it('let people type blanks and dashes into a code', () => {
    expect(typedCode(' 123 4-56 ')).toBe('123456');
    expect(typedCode('9'.repeat(4000))).toHaveLength(7);
  });
});
