import { describe, expect, it } from '@jest/globals';
import { compareSchemas, type SchemaNode } from './compare-schemas.ts';

const BEFORE = {
  type: 'object',
  description: 'A stay at a shelter.',
  additionalProperties: false,
  required: ['place', 'nights'],
  properties: {
    place: { type: 'string', enum: ['NORTH', 'SOUTH'], description: 'Which.' },
    nights: { type: 'integer', minimum: 1, maximum: 30 },
    language: { type: ['string', 'null'], pattern: '^[a-z]{3}$', maxLength: 3 },
    needs: { type: 'array', items: { type: 'string', enum: ['FOOD', 'HEALTH'] }, uniqueItems: true, maxItems: 5 },
  },
} as const;

function withProperty(name: string, node: SchemaNode): SchemaNode {
  return { ...BEFORE, properties: { ...BEFORE.properties, [name]: node } };
}

const { place, nights, language, needs } = BEFORE.properties;
const { nights: _, ...withoutNights } = BEFORE.properties;
const { type: __, ...languageOfAnyType } = language;
const { enum: ___, ...anyPlace } = place;

describe('compareSchemas finds nothing', () => {
  it.each<[string, SchemaNode]>([
    ['in the same schema', BEFORE],
    ['in another description', withProperty('place', { ...place, description: 'North or south.' })],
    [
      'in a new title, example or comment',
      withProperty('nights', { ...nights, title: 'N', examples: [2], $comment: '' }),
    ],
    ['in the order of an enum', withProperty('place', { ...place, enum: ['SOUTH', 'NORTH'] })],
    ['in the order of types', withProperty('language', { ...language, type: ['null', 'string'] })],
    ['in the order of required', { ...BEFORE, required: ['nights', 'place'] }],
    ['in the order of keys', Object.fromEntries(Object.entries(BEFORE).reverse())],
  ])('%s', (_name, after) => {
    expect(compareSchemas(BEFORE, after)).toEqual([]);
  });
});

describe('compareSchemas finds', () => {
  it.each<[string, SchemaNode, string, string, string]>([
    [
      'a property less',
      { ...BEFORE, properties: withoutNights },
      ...(['#/properties/nights', 'property removed', 'NARROWS'] as const),
    ],
    ['a property more', withProperty('beds', true), '#/properties/beds', 'property added', 'WIDENS'],
    [
      'a property that became required',
      { ...BEFORE, required: ['place', 'nights', 'language'] },
      ...(['#/required', '"language" became required', 'NARROWS'] as const),
    ],
    [
      'a property that may be left out',
      { ...BEFORE, required: ['place'] },
      ...(['#/required', '"nights" may now be left out', 'WIDENS'] as const),
    ],
    [
      'a value less',
      withProperty('place', { ...place, enum: ['NORTH'] }),
      ...(['#/properties/place/enum', 'value "SOUTH" removed', 'NARROWS'] as const),
    ],
    [
      'a value more',
      withProperty('place', { ...place, enum: ['NORTH', 'SOUTH', 'EAST'] }),
      ...(['#/properties/place/enum', 'value "EAST" added', 'WIDENS'] as const),
    ],
    ['a list dropped', withProperty('place', anyPlace), '#/properties/place/enum', 'enum removed', 'WIDENS'],
    [
      'a list introduced',
      withProperty('nights', { ...nights, enum: [1, 2] }),
      ...(['#/properties/nights/enum', 'enum added', 'NARROWS'] as const),
    ],
    [
      'a type less',
      withProperty('language', { ...language, type: 'string' }),
      ...(['#/properties/language/type', 'type "null" removed', 'NARROWS'] as const),
    ],
    [
      'a type more',
      withProperty('place', { ...place, type: ['string', 'null'] }),
      ...(['#/properties/place/type', 'type "null" added', 'WIDENS'] as const),
    ],
    [
      'whole numbers that became any',
      withProperty('nights', { ...nights, type: 'number' }),
      ...(['#/properties/nights/type', 'type "number" added', 'WIDENS'] as const),
    ],
    [
      'no type any more',
      withProperty('language', languageOfAnyType),
      ...(['#/properties/language/type', 'type removed', 'WIDENS'] as const),
    ],
    [
      'a raised minimum',
      withProperty('nights', { ...nights, minimum: 2 }),
      ...(['#/properties/nights/minimum', '1 became 2', 'NARROWS'] as const),
    ],
    [
      'a lowered minimum',
      withProperty('nights', { ...nights, minimum: 0 }),
      ...(['#/properties/nights/minimum', '1 became 0', 'WIDENS'] as const),
    ],
    [
      'a raised maximum',
      withProperty('nights', { ...nights, maximum: 60 }),
      ...(['#/properties/nights/maximum', '30 became 60', 'WIDENS'] as const),
    ],
    [
      'a new bound',
      withProperty('place', { ...place, maxLength: 5 }),
      ...(['#/properties/place/maxLength', 'no bound became 5', 'NARROWS'] as const),
    ],
    [
      'another pattern',
      withProperty('language', { ...language, pattern: '^[a-z]{2}$' }),
      ...(['#/properties/language/pattern', '"^[a-z]{3}$" became "^[a-z]{2}$"', 'UNKNOWN'] as const),
    ],
    [
      'a format',
      withProperty('language', { ...language, format: 'uuid' }),
      ...(['#/properties/language/format', 'format "uuid" added', 'NARROWS'] as const),
    ],
    [
      'repetitions allowed',
      withProperty('needs', { ...needs, uniqueItems: false }),
      ...(['#/properties/needs/uniqueItems', 'uniqueItems true removed', 'WIDENS'] as const),
    ],
    [
      'a change inside items',
      withProperty('needs', { ...needs, items: { ...needs.items, enum: ['FOOD'] } }),
      ...(['#/properties/needs/items/enum', 'value "HEALTH" removed', 'NARROWS'] as const),
    ],
    [
      'an object opened',
      { ...BEFORE, additionalProperties: true },
      ...(['#/additionalProperties', 'false became true', 'WIDENS'] as const),
    ],
    ['a keyword it does not know', { ...BEFORE, 'x-class': 'hold' }, '#/x-class', 'x-class "hold" added', 'NARROWS'],
  ])('%s', (_name, after, pointer, change, effect) => {
    expect(compareSchemas(BEFORE, after)).toEqual([expect.objectContaining({ pointer, change, effect })]);
  });

  it('a name that needs escaping', () => {
    const properties = (names: readonly string[]) => ({
      properties: Object.fromEntries(names.map((name) => [name, {}])),
    });
    expect(compareSchemas(properties(['a/b~c']), properties([])).map(({ pointer }) => pointer)).toEqual([
      '#/properties/a~1b~0c',
    ]);
  });
});

describe('compareSchemas with alternatives and references', () => {
  const [text, number, nothing] = [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] as const;

  it.each<[string, SchemaNode, SchemaNode, string | undefined]>([
    ['an alternative more', { anyOf: [text] }, { anyOf: [text, nothing] }, 'WIDENS'],
    ['an alternative less', { anyOf: [text, nothing] }, { anyOf: [text] }, 'NARROWS'],
    ['the order of alternatives', { anyOf: [text, nothing] }, { anyOf: [nothing, text] }, undefined],
    ['a condition more', { allOf: [text] }, { allOf: [text, { minLength: 1 }] }, 'NARROWS'],
    ['a condition less', { allOf: [text, { minLength: 1 }] }, { allOf: [text] }, 'WIDENS'],
    [
      'a change within an alternative',
      { anyOf: [number, text] },
      { anyOf: [number, { ...text, minLength: 1 }] },
      'NARROWS',
    ],
    ['something that was forbidden', { items: false }, { items: text }, 'WIDENS'],
    ['something that is forbidden', { items: text }, { items: false }, 'NARROWS'],
  ])('judges %s', (_name, before, after, effect) => {
    expect(compareSchemas(before, after).map((change) => change.effect)).toEqual(effect === undefined ? [] : [effect]);
  });

  it('follows references on both sides', () => {
    const changes = compareSchemas(
      { items: { $ref: 'a' } },
      { items: { $ref: 'b' } },
      {
        before: (reference) => (reference === 'a' ? text : undefined),
        after: (reference) => (reference === 'b' ? { ...text, maxLength: 3 } : undefined),
      },
    );
    expect(changes).toEqual([expect.objectContaining({ pointer: '#/items/maxLength', effect: 'NARROWS' })]);
  });

  it('ends in a schema that holds itself', () => {
    const tree = { properties: { children: { items: { $ref: 'tree' } }, name: text } };
    const named = { properties: { children: { items: { $ref: 'tree' } }, name: { ...text, minLength: 1 } } };
    const changes = compareSchemas({ $ref: 'tree' }, { $ref: 'tree' }, { before: () => tree, after: () => named });
    expect(changes.map(({ pointer }) => pointer)).toEqual(['#/properties/name/minLength']);
  });

  it('says when a reference means nothing, or only itself', () => {
    expect(compareSchemas({ $ref: 'gone' }, text)).toEqual([expect.objectContaining({ effect: 'UNKNOWN' })]);
    const toItself = { $ref: 'self' };
    expect(compareSchemas(toItself, text, { before: () => toItself })).toHaveLength(1);
  });
});
