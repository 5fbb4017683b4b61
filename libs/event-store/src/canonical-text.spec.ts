import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalObject, canonicalText } from './canonical-text.ts';

const key = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'a',
    'B',
    'data',
    'id',
    '10',
    '9',
    '-1',
    '__proto__',
    'toJSON',
    '\u0000',
    '"',
    'é',
    '\u{1f99c}',
    '\ufb33',
  ),
);
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, -0, 1e21, 1e-7, undefined),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('tree').filter((value) => value !== undefined)),
    fc.dictionary(key, tie('tree'), { noNullPrototype: false }),
  ),
}));
const objects = fc.dictionary(key, tree);

describe('the canonical text of an event', () => {
  test('is what the library writes, and reads as the object beside it', () => {
    fc.assert(
      fc.property(objects, (value) => {
        const expected = canonicalize(value);
        expect(canonicalText(value)).toBe(expected);
        const read = canonicalObject(value);
        expect(read.text).toBe(expected);
        expect(read.value).toEqual(JSON.parse(expected ?? ''));
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(expected ?? '')));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['an object with a spelling of its own', { at: new Date(0), z: 1 }],
    ['a list with a spelling of its own', { list: Object.assign([1, 2], { toJSON: () => 'two' }) }],
    ['a boxed value', { text: Object('x') as unknown }],
    ['an object of a class', { of: new (class { b = 1; a = 2; })() }], // prettier-ignore
    ['an object without prototype', { of: Object.assign(Object.create(null) as object, { b: 1, a: 2 }) }],
    ['a key that an object would put first', { b: 1, 10: 2, 9: 3 }],
    ['what JSON leaves out', { a: undefined, b: () => 1, c: Symbol('c') }],
    ['what is very deep', Array.from({ length: 500 }).reduce<object>((inner) => ({ inner }), { b: 1, a: 2 })],
  ])('of %s is what the library writes', (_, value) => {
    expect(canonicalText(value)).toBe(canonicalize(value));
    expect(canonicalObject(value).value).toEqual(JSON.parse(canonicalize(value) ?? ''));
  });

  test.each([
    ['half of a surrogate pair', { text: '\ud800' }],
    ['half of a surrogate pair in a key', { '\ud800': 1 }],
    ['a number that is none', { list: [Number.NaN] }],
    ['an endless number', { number: Number.POSITIVE_INFINITY }],
    ['a large integer', { number: 1n }],
    ['a circle', (() => { const circle: { self?: object } = {}; circle.self = circle; return circle; })()], // prettier-ignore
  ])('does not exist for %s', (_, value) => {
    const refusal = expect.objectContaining({ code: 'EVENT_STORE.EVENT_NOT_CANONICAL' });
    expect(() => canonicalText(value)).toThrow(refusal);
    expect(() => canonicalObject(value)).toThrow(refusal);
  });
});
