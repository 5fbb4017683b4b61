import { describe, expect, it } from '@jest/globals';
import { type JsonObject, UnknownEventVersionError } from '@acogida/core';
import { type ContractCatalogue, createContractReader } from './contract-reader.ts';

const object = (properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

/** An event that changed twice: a list of places became codes, then a capacity was added. */
const CATALOGUE: ContractCatalogue = {
  BedOffered: {
    class: 'case',
    currentVersion: 3,
    schemas: {
      1: object({ place: { type: 'string' } }),
      2: object({ placeCode: { type: 'string', enum: ['NORTH', 'SOUTH'] } }),
      3: object({ placeCode: { type: 'string', enum: ['NORTH', 'SOUTH'] }, beds: { type: ['integer', 'null'] } }),
    },
  },
};

const fromOne = {
  type: 'BedOffered',
  fromVersion: 1,
  upcast: (data: JsonObject) => ({ placeCode: (data['place'] as string).toUpperCase() }),
};
const fromTwo = { type: 'BedOffered', fromVersion: 2, upcast: (data: JsonObject) => ({ ...data, beds: null }) };

function payloadOf(schemaVersion: number, data: object): Record<string, unknown> {
  return {
    type: 'BedOffered',
    schemaVersion,
    caseId: '00000000-0000-4000-8000-00000000000a',
    data,
    occurredAt: '2026-11-22T09:00:00.000Z',
    recordedAt: '2026-11-22T09:00:01.000Z',
    stream: 'sample-1',
    version: 1,
    publishedHead: '',
    privateHead: '',
    correlationId: '00000000-0000-4000-8000-00000000000b',
    causation: null,
    clock: '1795338000000-000000',
  };
}

describe('a contract reader', () => {
  const reader = createContractReader(CATALOGUE, [fromTwo, fromOne]);

  it.each([
    [1, { place: 'north' }, { placeCode: 'NORTH', beds: null }],
    [2, { placeCode: 'SOUTH' }, { placeCode: 'SOUTH', beds: null }],
    [3, { placeCode: 'SOUTH', beds: 4 }, { placeCode: 'SOUTH', beds: 4 }],
  ])('lifts version %i to the current one', (version, data, lifted) => {
    const payload = payloadOf(version, data);
    expect(reader.read(payload)).toEqual({ status: 'ok', payload: { ...payload, schemaVersion: 3, data: lifted } });
  });

  it('does not touch what it was given', () => {
    const payload = payloadOf(1, { place: 'north' });
    reader.read(payload);
    expect(payload).toEqual(payloadOf(1, { place: 'north' }));
  });

  it('judges old data by the schema of its own version', () => {
    expect(reader.read(payloadOf(1, { placeCode: 'NORTH' }))).toEqual({ status: 'invalid', reason: '/data: required' });
    expect(reader.dataFault('BedOffered', 2, { placeCode: 'EAST' })).toBe('/data/placeCode: enum');
  });

  it('keeps what a newer release wrote', () => {
    expect(reader.read(payloadOf(4, { anything: true }))).toEqual({ status: 'unknown-version' });
    expect(reader.read({ ...payloadOf(1, {}), type: 'BedLost' })).toEqual({ status: 'unknown-type' });
    expect(reader.dataFault('BedOffered', 4, {})).toBe('/schemaVersion: unknown');
  });

  it('says so when an upcaster makes what the current schema refuses, and names no value', () => {
    expect(reader.read(payloadOf(1, { place: 'Somewhere' }))).toEqual({ status: 'invalid', reason: '/data: upcast' });
  });

  it('says so when an upcaster fails', () => {
    const failing = {
      ...fromTwo,
      upcast: () => {
        throw new Error('a secret');
      },
    };
    const broken = createContractReader(CATALOGUE, [fromOne, failing]);
    expect(broken.read(payloadOf(2, { placeCode: 'SOUTH' }))).toEqual({ status: 'invalid', reason: '/data: upcast' });
  });

  it.each([
    ['the first step', [fromTwo], 1],
    ['a step in between', [fromOne], 2],
  ])('is not made when %s is missing', (_, upcasters, version) => {
    const make = (): unknown => createContractReader(CATALOGUE, upcasters);
    expect(make).toThrow(new UnknownEventVersionError('BedOffered', version));
  });
});
