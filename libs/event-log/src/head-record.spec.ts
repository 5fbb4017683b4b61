import { describe, expect, it } from '@jest/globals';
import { leafHash, signHead } from '@acogida/ledger';
import { generateKeyPairSync } from 'node:crypto';
import { HEAD_HEADER, parseHeadRecord, writeHeadRecord } from './head-record.ts';

const signed = signHead(generateKeyPairSync('ed25519').privateKey, {
  ...{ agency: 'cr-border-intake', incarnation: 1, number: 3, treeSize: 3, treeHead: leafHash('head'), keyId: 'key-1' },
  ...{ signedAt: '2026-11-22T09:00:00.000Z', sequence: 1 },
});

describe('a head record', () => {
  it('gives back the head that was written', () => {
    expect(parseHeadRecord(writeHeadRecord(signed))).toEqual(signed);
  });

  it('is told from an event by its header', () => {
    expect(parseHeadRecord({ value: writeHeadRecord(signed).value, headers: {} })).toBeNull();
  });

  it.each([
    ['of another format', { ...writeHeadRecord(signed), headers: { [HEAD_HEADER]: 'v2' } }, 'UNKNOWN_ATTRIBUTE'],
    ['that is no head', { value: '{}', headers: { [HEAD_HEADER]: 'v1' } }, 'INVALID_ATTRIBUTE'],
    ['that is too large', { value: ' '.repeat(5_000), headers: { [HEAD_HEADER]: 'v1' } }, 'OVERSIZED'],
  ])('%s is refused', (_case, record, code) => {
    expect(() => parseHeadRecord(record)).toThrow(expect.objectContaining({ code }));
  });
});
