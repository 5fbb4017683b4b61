import { describe, expect, it } from '@jest/globals';
import { CloudEvent } from 'cloudevents';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { canonicalText, type Envelope, EnvelopeError, parseEnvelope, writeEnvelope } from './envelope.ts';
import { MAX_RECORD_BYTES } from './port.ts';

const sealed: Envelope = {
  id: '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11',
  source: 'cr-border-intake',
  class: 'case',
  subject: '5f0e1d2c3b4a59687786958493a2b1c0',
  time: '2026-11-22T09:00:00.123Z',
  number: 41,
  keyId: 'q1w2e3r4.c29tZS1jb21taXRtZW50',
  data: 'c2VhbGVkIGJ5dGVz',
};
const directory: Envelope = {
  id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4',
  source: 'regional-directory',
  class: 'directory',
  subject: 'directory',
  time: '2026-11-22T09:00:00.000Z',
  number: 1,
  keyId: null,
  data: '{"data":{"name":"Oficina Ñandú"},"type":"AgencyListed"}',
};

function codeOf(text: string): string {
  try {
    parseEnvelope(text);
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code;
    throw error;
  }
  return 'accepted';
}

/** Bytes of what is still referred to. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** The canonical text of an envelope after a change to its JSON object. */
function changed(text: string, change: (value: Record<string, unknown>) => unknown): string {
  const value = JSON.parse(text) as Record<string, unknown>;
  change(value);
  return canonicalText(value);
}

describe('writeEnvelope', () => {
  it('writes a sealed event as exactly one text', () => {
    expect(writeEnvelope(sealed)).toBe(
      '{"data_base64":"c2VhbGVkIGJ5dGVz","datacontenttype":"application/octet-stream",' +
        '"id":"7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11","keyid":"q1w2e3r4.c29tZS1jb21taXRtZW50","number":41,' +
        '"source":"cr-border-intake","specversion":"1.0","subject":"5f0e1d2c3b4a59687786958493a2b1c0",' +
        '"time":"2026-11-22T09:00:00.123Z","type":"case"}',
    );
  });

  it('writes a directory entry in clear, without subject and key', () => {
    expect(writeEnvelope(directory)).toBe(
      '{"data":{"data":{"name":"Oficina Ñandú"},"type":"AgencyListed"},"datacontenttype":"application/json",' +
        '"id":"9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4","number":1,"source":"regional-directory","specversion":"1.0",' +
        '"time":"2026-11-22T09:00:00.000Z","type":"directory"}',
    );
  });

  it.each([sealed, directory])('writes a valid CloudEvents 1.0 event that reads back as it was', (envelope) => {
    const text = writeEnvelope(envelope);
    expect(new CloudEvent(JSON.parse(text) as object).validate()).toBe(true);
    expect(parseEnvelope(text)).toEqual(envelope);
  });

  it('refuses what could not be read back, before it gets a number', () => {
    expect(() => writeEnvelope({ ...sealed, keyId: null })).toThrow(EnvelopeError);
    expect(() => writeEnvelope({ ...sealed, data: 'A'.repeat(MAX_RECORD_BYTES) })).toThrow(EnvelopeError);
  });
});

describe('parseEnvelope', () => {
  const text = writeEnvelope(sealed);
  const clear = writeEnvelope(directory);

  it.each([
    ['text that is not JSON', 'no JSON', 'NOT_JSON'],
    ['an array', '[]', 'NOT_JSON'],
    ['null', 'null', 'NOT_JSON'],
    ['a re-serialised text', JSON.stringify({ type: 'case', ...(JSON.parse(text) as object) }), 'NOT_CANONICAL'],
    ['white space', `${text}\n`, 'NOT_CANONICAL'],
    ['a doubled attribute', text.replace('"number":41', '"number":40,"number":41'), 'NOT_CANONICAL'],
    ['an oversized text', `"${'x'.repeat(MAX_RECORD_BYTES)}"`, 'OVERSIZED'],
    ['an unknown class', changed(text, (value) => (value['type'] = 'rumour')), 'UNKNOWN_CLASS'],
    ['a class that is no text', changed(text, (value) => (value['type'] = ['case'])), 'UNKNOWN_CLASS'],
    ['an extension attribute', changed(text, (value) => (value['traceparent'] = '00')), 'UNKNOWN_ATTRIBUTE'],
    ['clear data beside the seal', changed(text, (value) => (value['data'] = {})), 'UNKNOWN_ATTRIBUTE'],
    ['a subject on a directory entry', changed(clear, (value) => (value['subject'] = 'x')), 'UNKNOWN_ATTRIBUTE'],
  ])('refuses %s', (_, broken, code) => {
    expect(codeOf(broken)).toBe(code);
  });

  it.each([
    ['specversion', '0.3'],
    ['id', '7C0F2A5E-4F35-4F0E-9A52-0D2A1D3A6C11'],
    ['source', 'CR Border'],
    ['subject', ''],
    ['time', '2026-11-22T09:00:00Z'],
    ['time', '2026-13-22T09:00:00.000Z'],
    ['time', '2026-02-30T09:00:00.000Z'],
    ['number', '41'],
    ['number', 0],
    ['number', 1.5],
    ['number', 2_147_483_648],
    ['keyid', null],
    ['datacontenttype', 'application/json'],
    ['data_base64', ''],
    ['data_base64', 'not base64'],
  ])('refuses %s %j', (name, value) => {
    expect(codeOf(changed(text, (attributes) => (attributes[name] = value)))).toBe('INVALID_ATTRIBUTE');
  });

  it.each(['specversion', 'id', 'source', 'subject', 'time', 'number', 'keyid', 'datacontenttype', 'data_base64'])(
    'refuses an event without %s',
    (name) => {
      expect(codeOf(changed(text, (attributes) => delete attributes[name]))).toBe('INVALID_ATTRIBUTE');
    },
  );

  it('refuses a directory entry whose data is no object', () => {
    expect(codeOf(changed(clear, (attributes) => (attributes['data'] = 'text')))).toBe('INVALID_ATTRIBUTE');
  });

  it('lets go of the sealed data of an event whose ids somebody keeps', () => {
    const data = Buffer.alloc(30_000, 7).toString('base64');
    const kept: Partial<Envelope>[] = [];
    const before = usedHeap();
    for (let number = 1; number <= 1_000; number += 1) {
      const { id, source, subject, keyId } = parseEnvelope(writeEnvelope({ ...sealed, number, data }));
      kept.push({ id, source, subject, keyId });
    }
    expect(usedHeap() - before).toBeLessThan((kept.length * data.length) / 4);
  });
});
