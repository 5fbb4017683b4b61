import { describe, expect, it } from '@jest/globals';
import { type ContractRelease, type EventSchema, releaseFaults } from './release-faults.ts';

function schemaOf(version: number, rest: object = {}): EventSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:acogida:contract:bed-offered:v${version}`,
    title: 'BedOffered',
    description: 'A bed.',
    'x-class': 'case',
    type: 'object',
    additionalProperties: false,
    required: ['place'],
    properties: { place: { type: 'string', enum: ['NORTH', 'SOUTH'] } },
    ...rest,
  };
}

const V1 = 'bed-offered.v1.json';
const V2 = 'bed-offered.v2.json';
const V3 = 'bed-offered.v3.json';

function release(parts: Partial<ContractRelease> & { readonly schemas: ContractRelease['schemas'] }): ContractRelease {
  return { released: new Map([[V1, schemaOf(1)]]), fixtures: new Set([V1]), upcasters: [], ...parts };
}

const from = (fromVersion: number, type = 'BedOffered') => ({ type, fromVersion });

describe('releaseFaults finds nothing wrong', () => {
  it.each<[string, ContractRelease]>([
    ['with what was released', release({ schemas: new Map([[V1, schemaOf(1)]]) })],
    ['with another description', release({ schemas: new Map([[V1, schemaOf(1, { description: 'One bed.' })]]) })],
    [
      'with a schema that no release has',
      release({ schemas: new Map([[V1, schemaOf(1, { required: [] })]]), released: new Map(), fixtures: new Set() }),
    ],
    [
      'with a new version and its upcaster',
      release({
        schemas: new Map([
          [V1, schemaOf(1)],
          [V2, schemaOf(2, { required: [] })],
        ]),
        upcasters: [from(1)],
      }),
    ],
  ])('%s', (_, given) => expect(releaseFaults(given)).toEqual([]));
});

describe('releaseFaults says what is wrong and what to do', () => {
  const changed = (rest: object) => release({ schemas: new Map([[V1, schemaOf(1, rest)]]) });

  it.each<[string, ContractRelease, string]>([
    [
      'a released schema that is gone',
      release({ schemas: new Map() }),
      'schemas/bed-offered.v1.json was released and is gone: events of it are on the log. Copy it back from released/.',
    ],
    [
      'a released schema without its fixture',
      release({ schemas: new Map([[V1, schemaOf(1)]]), fixtures: new Set() }),
      'fixtures/bed-offered.v1.json is gone: it proves that released events are read. Put it back.',
    ],
    [
      'a value that old events may hold and that is gone',
      changed({ properties: { place: { type: 'string', enum: ['NORTH'] } } }),
      'schemas/bed-offered.v1.json #/properties/place/enum: value "SOUTH" removed. Events on the log that were valid would ' +
        'be refused. Take it back, and make the change in schemas/bed-offered.v2.json with an upcaster from 1.',
    ],
    [
      'a value that agencies which have not updated would refuse',
      changed({ properties: { place: { type: 'string', enum: ['NORTH', 'SOUTH', 'EAST'] } } }),
      'schemas/bed-offered.v1.json #/properties/place/enum: value "EAST" added. Agencies that have not updated would refuse ' +
        'what is written now. Take it back, and make the change in schemas/bed-offered.v2.json with an upcaster from 1.',
    ],
    [
      'another class',
      changed({ 'x-class': 'hold' }),
      'schemas/bed-offered.v1.json #/x-class: "case" became "hold". It names the released version and stays; another name ' +
        'is another event.',
    ],
    [
      'another name',
      changed({ title: 'BedReserved' }),
      'schemas/bed-offered.v1.json #/title: "BedOffered" became "BedReserved". It names the released version and stays; ' +
        'another name is another event.',
    ],
    [
      'a version that nobody lifts',
      release({
        schemas: new Map([
          [V1, schemaOf(1)],
          [V2, schemaOf(2)],
        ]),
      }),
      'BedOffered has no upcaster from 1 to 2: add it to contractUpcasters.',
    ],
    [
      'a version that is lifted in two ways',
      release({
        schemas: new Map([
          [V1, schemaOf(1)],
          [V2, schemaOf(2)],
        ]),
        upcasters: [from(1), from(1)],
      }),
      'BedOffered has 2 upcasters from 1: one version is read in one way.',
    ],
    [
      'an upcaster that leads nowhere',
      release({ schemas: new Map([[V1, schemaOf(1)]]), upcasters: [from(1)] }),
      'the upcaster of BedOffered from 1 leads to no known version.',
    ],
    [
      'an upcaster of an unknown type',
      release({ schemas: new Map([[V1, schemaOf(1)]]), upcasters: [from(1, 'BedLost')] }),
      'the upcaster of BedLost from 1 leads to no known version.',
    ],
    [
      'a gap in the versions',
      release({
        schemas: new Map([
          [V1, schemaOf(1)],
          [V3, schemaOf(3)],
        ]),
        upcasters: [from(1), from(2)],
      }),
      'schemas/bed-offered.v2.json is missing: versions of BedOffered have no gap.',
    ],
  ])('%s', (_, given, sentence) => expect(releaseFaults(given)).toEqual([sentence]));
});
