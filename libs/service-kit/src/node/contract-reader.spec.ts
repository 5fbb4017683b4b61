import { describe, expect, it } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { contractReader } from './contract-reader.ts';

const payload: ContractPayload = {
  type: 'ReferralAccepted',
  schemaVersion: 2,
  caseId: '0b5c8a52-8d3c-4a3e-9b63-0c1f6f1c7e11',
  data: { referralId: '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e', proxied: null },
  occurredAt: '2026-11-22T09:00:00.000Z',
  recordedAt: '2026-11-22T09:00:00.000Z',
  stream: 'referral-7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e',
  version: 1,
  publishedHead: '0'.repeat(64),
  privateHead: '0'.repeat(64),
  correlationId: '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5f',
  causation: null,
  clock: '1795305600000-000000',
};

describe('the contract reader of a node', () => {
  it('reads a payload under the class of its type', () => {
    expect(contractReader.read(payload, 'referral')).toEqual({ status: 'ok', payload });
  });

  it('refuses a type that stands under another class in clear', () => {
    expect(contractReader.read(payload, 'case')).toEqual({
      status: 'invalid',
      reason: 'its class is referral, not case',
    });
  });

  it('passes on what the contracts say of an unknown type', () => {
    expect(contractReader.read({ ...payload, type: 'ReferralForgotten' }, 'referral')).toEqual({
      status: 'unknown-type',
    });
  });
});
