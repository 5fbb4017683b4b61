import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AsyncAPIDocumentInterface, type OperationInterface, Parser } from '@asyncapi/parser';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { contractCatalogue, contractFileOf } from '@acogida/contracts';
import { type Envelope, parseEnvelope, topicOf, writeEnvelope, writeHeadRecord } from '@acogida/event-log';
import { EMPTY_ROOT, encodePath, encodeStatement, signHead, signStatement } from '@acogida/ledger';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

// The document is generated from the schemas (contracts/src/contracts.spec.ts); here it is held against what nodes write.

const CONTRACTS = join(import.meta.dirname, '../../contracts');
const PATH = join(CONTRACTS, 'asyncapi.yaml');

const EVENTS = Object.entries(contractCatalogue).flatMap(([type, { class: contractClass, schemas }]) =>
  Object.keys(schemas).map((version) => ({
    name: `${type}V${version}`,
    type,
    version: Number(version),
    contractClass,
  })),
);

let document: AsyncAPIDocumentInterface;
let diagnostics: readonly { readonly severity: number; readonly message: string }[];

beforeAll(async () => {
  const parsed = await new Parser().parse(readFileSync(PATH, 'utf8'), { source: PATH });
  diagnostics = parsed.diagnostics;
  if (parsed.document === undefined) throw new Error(JSON.stringify(diagnostics, null, 2));
  document = parsed.document;
});

const ajv = new Ajv2020({ strict: false });
ajvFormats.default(ajv);

const judge = (schema: unknown): ValidateFunction => {
  const { $schema: _, ...rest } = structuredClone(schema) as Record<string, unknown>;
  return ajv.compile(withoutIds(rest) as object);
};

/** References are resolved by now, so that one schema stands in several places: none may keep its id. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !['$id', '$schema'].includes(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutIds(inner)]));
}

function message(name: string) {
  const found = document.allMessages().get(name);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}

function dataOf({ type, version }: { readonly type: string; readonly version: number }): object {
  return JSON.parse(readFileSync(join(CONTRACTS, 'fixtures', contractFileOf(type, version)), 'utf8')) as object;
}

function payloadOf(event: (typeof EVENTS)[number]): object {
  return {
    type: event.type,
    schemaVersion: event.version,
    caseId: event.contractClass === 'directory' ? null : '00000000-0000-4000-8000-00000000000a',
    data: dataOf(event),
    occurredAt: '2026-11-22T09:00:00.000Z',
    recordedAt: '2026-11-22T09:00:01.000Z',
    stream: 'sample-1',
    version: 1,
    publishedHead: 'a'.repeat(64),
    privateHead: 'b'.repeat(64),
    correlationId: '00000000-0000-4000-8000-00000000000b',
    causation: null,
    clock: '1795338000000-000000',
  };
}

function envelopeOf(event: (typeof EVENTS)[number], changes: Partial<Envelope> = {}): string {
  const isDirectory = event.contractClass === 'directory';
  return writeEnvelope({
    id: '0b5c8b1e-6a0d-4d0e-8f5a-1c2d3e4f5a6b',
    source: 'cr-border-intake',
    class: event.contractClass,
    subject: isDirectory ? 'directory' : 'q3Zk-0_a',
    time: '2026-11-22T09:00:01.000Z',
    number: 17,
    keyId: isDirectory ? null : 'cr-border-intake.1.Zk3',
    data: isDirectory ? JSON.stringify(payloadOf(event)) : Buffer.from('sealed').toString('base64'),
    ...changes,
  });
}

describe('the AsyncAPI document', () => {
  it('parses, without error or warning', () => {
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(document.version()).toMatch(/^3\./);
  });

  it('has one channel, the topic of an agency', () => {
    const [channel, ...others] = document.channels().all();
    expect(others).toEqual([]);
    expect(channel?.address()?.replace('{agency}', 'cr-conatt')).toBe(topicOf('cr-conatt'));
    expect(
      channel
        ?.parameters()
        .all()
        .map((parameter) => parameter.id()),
    ).toEqual(['agency']);
  });

  it('names no host', () => {
    expect(
      document
        .servers()
        .all()
        .map((server) => server.host()),
    ).toEqual(['{broker}']);
  });

  it('has a message for every event version, and one for heads; all are read, the current ones are sent', () => {
    const names = [...EVENTS.map(({ name }) => name), 'AgencyHeadSigned'].sort();
    const namesOf = (operations: readonly OperationInterface[]): readonly string[] =>
      operations
        .flatMap((operation) => operation.messages().all())
        .map((each) => String(each.name()))
        .sort();
    expect(namesOf(document.operations().filterByReceive())).toEqual(names);
    const current = EVENTS.filter(
      ({ type, version }) => contractCatalogue[type as 'CaseOpened'].currentVersion === version,
    );
    expect(namesOf(document.operations().filterBySend())).toEqual(
      [...current.map(({ name }) => name), 'AgencyHeadSigned'].sort(),
    );
  });
});

describe.each(EVENTS)('the message $name', (event) => {
  it('accepts what the relay writes for it', () => {
    const accepts = judge(message(event.name).payload()?.json());
    expect([accepts(JSON.parse(envelopeOf(event))), accepts.errors]).toEqual([true, null]);
  });

  it('says which schema its data has, in clear or inside the seal', () => {
    const isDirectory = event.contractClass === 'directory';
    const inside: unknown = message(event.name).extensions().get('x-inside-the-seal')?.value();
    expect(inside === undefined).toBe(isDirectory);
    const accepts = judge(
      isDirectory
        ? (message(event.name).payload()?.json() as { allOf: { properties?: { data: unknown } }[] }).allOf[1]
            ?.properties?.data
        : inside,
    );
    expect([accepts(payloadOf(event)), accepts.errors]).toEqual([true, null]);
    expect(accepts({ ...payloadOf(event), data: { ...dataOf(event), fullName: 'Somebody' } })).toBe(false);
    expect(accepts({ ...payloadOf(event), type: 'PersonForgotten' })).toBe(false);
  });
});

describe('what stands in clear', () => {
  const sealed = EVENTS.find(({ type }) => type === 'CaseOpened')!;

  it.each<[string, object]>([
    ['an attribute more', { caseid: '00000000-0000-4000-8000-00000000000a' }],
    ['no subject', { subject: undefined }],
    ['another class', { type: 'person' }],
    ['number zero', { number: 0 }],
    ['a number beyond 32 bits', { number: 2_147_483_648 }],
    ['data in clear', { data: {} }],
    ['no data', { data_base64: '' }],
    ['a time without milliseconds', { time: '2026-11-22T09:00:01Z' }],
    ['an id in capitals', { id: '0B5C8B1E-6A0D-4D0E-8F5A-1C2D3E4F5A6B' }],
    ['another version of CloudEvents', { specversion: '0.3' }],
  ])('with %s is refused by the schema as by readers', (_, changes) => {
    const changed = JSON.parse(JSON.stringify({ ...(JSON.parse(envelopeOf(sealed)) as object), ...changes })) as object;
    const ordered = Object.fromEntries(Object.entries(changed).sort(([one], [other]) => (one < other ? -1 : 1)));
    expect(() => parseEnvelope(JSON.stringify(ordered))).toThrow();
    expect(judge(message(sealed.name).payload()?.json())(ordered)).toBe(false);
  });
});

describe('what stands beside an event, and heads', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const root = 'c'.repeat(64);
  const place = { agency: 'cr-conatt', incarnation: 1, keyId: 'cr-conatt-1' };

  it('describes the headers of an event and the signed statement', () => {
    const accepts = judge(message('CaseOpenedV1').headers()?.json());
    const statement = encodeStatement(
      signStatement(privateKey, { ...place, first: 3, last: 4, batchRoot: root, treeSize: 4, treeHead: root }),
    );
    expect([accepts({ statement, path: encodePath([root]) }), accepts.errors]).toEqual([true, null]);
    expect(accepts({ statement })).toBe(false);
    const signed = judge(document.components().schemas().get('SignedStatement')?.json());
    expect([signed(JSON.parse(statement)), signed.errors]).toEqual([true, null]);
  });

  it('describes a head', () => {
    const at = { number: 0, treeSize: 0, treeHead: EMPTY_ROOT, signedAt: '2026-11-22T09:00:00.000Z', sequence: 1 };
    const record = writeHeadRecord(signHead(privateKey, { ...place, ...at }));
    const [value, headers] = [
      judge(message('AgencyHeadSigned').payload()?.json()),
      judge(message('AgencyHeadSigned').headers()?.json()),
    ];
    expect([value(JSON.parse(record.value)), value.errors]).toEqual([true, null]);
    expect([headers(record.headers), headers.errors]).toEqual([true, null]);
  });
});
