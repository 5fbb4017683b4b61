import { describe, expect, it } from '@jest/globals';
import { UnknownEventVersionError, upcastToCurrent } from './upcaster.ts';

const versions = { PersonRegistered: 3 };
const upcasters = [
  { type: 'PersonRegistered', fromVersion: 1, upcast: (data: object) => ({ ...data, sex: 'UNKNOWN' }) },
  { type: 'PersonRegistered', fromVersion: 2, upcast: (data: object) => ({ ...data, languages: [] }) },
];

describe('upcastToCurrent', () => {
  it('lifts an old event one version at a time', () => {
    expect(
      upcastToCurrent({ type: 'PersonRegistered', schemaVersion: 1, data: { a: 1 } }, versions, upcasters),
    ).toEqual({
      a: 1,
      sex: 'UNKNOWN',
      languages: [],
    });
  });

  it('leaves a current event as it is', () => {
    expect(
      upcastToCurrent({ type: 'PersonRegistered', schemaVersion: 3, data: { a: 1 } }, versions, upcasters),
    ).toEqual({
      a: 1,
    });
  });

  it.each([
    ['a newer version', { type: 'PersonRegistered', schemaVersion: 4, data: {} }],
    ['an unknown type', { type: 'PersonForgotten', schemaVersion: 1, data: {} }],
    ['a type named like an object property', { type: 'constructor', schemaVersion: 1, data: {} }],
    ['version zero', { type: 'PersonRegistered', schemaVersion: 0, data: {} }],
  ])('refuses %s', (_, event) => {
    expect(() => upcastToCurrent(event, versions, upcasters)).toThrow(UnknownEventVersionError);
  });

  it('refuses when a step is missing', () => {
    expect(() =>
      upcastToCurrent({ type: 'PersonRegistered', schemaVersion: 1, data: {} }, versions, upcasters.slice(1)),
    ).toThrow(UnknownEventVersionError);
  });
});
