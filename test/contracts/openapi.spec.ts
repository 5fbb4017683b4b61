import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openapiBreaks, type OpenapiDocument } from '@acogida/contracts/compatibility';
import { createTestNetwork, startTestNode, type TestNetwork } from '@acogida/testing/node';
import * as prettier from 'prettier';
import { documentDifferences } from './document-differences.ts';
import { JUDGES_RELEASE, serviceDefinitions } from './service-definitions.ts';

// Snapshots of what every node answers at /openapi.json, and what of it was released. How to update: contracts/README.md.

const SNAPSHOTS = join(import.meta.dirname, '../../contracts/openapi');
const RELEASED = join(SNAPSHOTS, 'released');

/** `update` writes the snapshots, `release` also freezes them, unless that would break a client. */
const MODE = process.env['ACOGIDA_OPENAPI'];
const UPDATE = 'ACOGIDA_OPENAPI=update npm test -- test/contracts/openapi';

const definitions = await serviceDefinitions();
const kindsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''));

mkdirSync(RELEASED, { recursive: true });
const expected = new Set(
  MODE !== undefined || JUDGES_RELEASE ? definitions.keys() : [...kindsIn(SNAPSHOTS), ...kindsIn(RELEASED)],
);

function read(folder: string, kind: string): OpenapiDocument | undefined {
  if (!kindsIn(folder).includes(kind)) return undefined;
  return JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8')) as OpenapiDocument;
}

async function write(folder: string, kind: string, document: OpenapiDocument): Promise<void> {
  const text = await prettier.format(JSON.stringify(document), { parser: 'json', singleQuote: true, printWidth: 120 });
  writeFileSync(join(folder, `${kind}.json`), text);
}

describe.each([...expected].sort())('the HTTP interface of %s', (kind) => {
  let network: TestNetwork;
  let document: OpenapiDocument;

  beforeAll(async () => {
    const definition = definitions.get(kind);
    if (definition === undefined)
      throw new Error(`contracts/openapi has ${kind}.json, and services/ has no such service`);
    network = await createTestNetwork(['snapshot-agency', definition.kind, 'CR']); // for a service without an agency there
    const agencyId = network.agencyOf(definition.kind);
    const node = await startTestNode(definition, { network, agencyId });
    try {
      const { body } = await node.get('/openapi.json', { token: null });
      // The agency is the only thing that differs between two nodes of one kind.
      document = JSON.parse(JSON.stringify(body).replaceAll(agencyId, '{agency}')) as OpenapiDocument;
    } finally {
      await node.stop();
    }
  });

  afterAll(async () => {
    if (MODE !== undefined) await write(SNAPSHOTS, kind, document);
    const breaks = openapiBreaks(read(RELEASED, kind) ?? { paths: {} }, document);
    if (MODE === 'release' && breaks.length === 0) await write(RELEASED, kind, document);
  });

  it('breaks nothing that was released', () => {
    const released = read(RELEASED, kind);
    expect(released === undefined && JUDGES_RELEASE ? ['never released'] : []).toEqual([]);
    expect(openapiBreaks(released ?? { paths: {} }, document)).toEqual([]);
  });

  it('is what its snapshot shows', () => {
    if (MODE !== undefined) return expect(Object.keys(document.paths).length).toBeGreaterThan(0);
    const differences = documentDifferences(read(SNAPSHOTS, kind), document);
    return expect(differences.length === 0 ? [] : [...differences, `when this is meant: ${UPDATE}`]).toEqual([]);
  });
});

describe('documentDifferences', () => {
  it('says where, and what', () => {
    const before = { paths: { '/a': { get: [1, 2] }, '/b': {} }, title: 'x' };
    expect(documentDifferences(before, { title: 'y', paths: { '/a': { get: [1, 3] }, '/c': {} } })).toEqual([
      '/paths/~1a/get/1: 2 became 3',
      '/paths/~1b: removed {}',
      '/paths/~1c: added {}',
      '/title: "x" became "y"',
    ]);
  });

  it('cuts what is long and counts what is many', () => {
    expect(documentDifferences('x', 'y'.repeat(100))).toEqual([`: "x" became "${'y'.repeat(78)}…`]);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, index]));
    expect(documentDifferences({}, many).at(-1)).toBe('… and 10 more');
  });
});
