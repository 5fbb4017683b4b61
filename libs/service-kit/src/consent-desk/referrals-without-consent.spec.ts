import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { NO_CONSENTS, type Referral, type ReferralCommand, referralProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import { endReferralsWithoutConsent, endWithoutConsent } from './referrals-without-consent.ts';

const NOW = '2026-12-01T15:00:00.000Z';
const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const REFERRAL_ID = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const WITHDRAWN_ALL = {
  ...{ withdrawnAt: NOW, lodgedAt: 'mx-comar', form: 'WRITTEN', reason: 'NOT_STATED', language: null },
  ...{ interpretation: null, acknowledgements: {} },
} as const;
const TRANSACTION = {} as Transaction;

/** A receiver that knows of one referral in words, and maybe that every consent of its case was withdrawn. */
function nodeOf(isWithdrawn: boolean, change: Partial<Referral> = {}): NodeContext {
  const request = {
    ...{
      referralId: REFERRAL_ID,
      caseId: CASE_ID,
      sender: 'cr-border-intake',
      receiver: 'cr-conatt',
      service: 'SHELTER',
    },
    ...{ reason: 'URGENT_NEED', attachments: [], requestedAt: '2026-11-22T09:00:00.000Z' },
    consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' },
  };
  const referral = { side: 'RECEIVER', requestStatus: 'REQUESTED', fulfilment: 'NONE', custodyTerm: null, request };
  const register = { ...NO_CONSENTS, withdrawnAll: isWithdrawn ? WITHDRAWN_ALL : null };
  const load = async (procedure: unknown) => ({
    version: 1,
    state: procedure === referralProcedure ? { ...referral, ...change } : register,
  });
  const handler = { load } as unknown as ProcedureHandler;
  return { agencyId: 'cr-conatt', jurisdiction: 'CR', handler, clock: { now: () => NOW }, members: () => [] };
}

async function commandsOf(node: NodeContext): Promise<readonly (readonly [string, ReferralCommand])[]> {
  const ran: (readonly [string, ReferralCommand])[] = [];
  const run = async (id: string, command: ReferralCommand): Promise<void> => void ran.push([id, command]);
  const lookup = { query: async () => ({ rows: [{ referral_id: REFERRAL_ID }] }) };
  await endReferralsWithoutConsent(node, CASE_ID, { lookup, transaction: TRANSACTION, run });
  return ran;
}

describe('referrals whose consent was withdrawn', () => {
  it('are returned by a receiver that had heard of the withdrawal before', async () => {
    const reject = { type: 'RejectReferral', by: 'cr-conatt', now: NOW, reason: 'NO_CONSENT', alternativeAgency: null };
    expect(await commandsOf(nodeOf(true))).toEqual([[REFERRAL_ID, reject]]);
  });

  it('are left alone while it stands, and when there is nothing left to end', async () => {
    expect(await commandsOf(nodeOf(false))).toEqual([]);
    expect(await commandsOf(nodeOf(true, { fulfilment: 'REJECTED' }))).toEqual([]);
  });

  it('that somebody ends in the same moment are ended: what is left is not refused to whoever withdraws', async () => {
    const refuse = async (): Promise<never> => {
      throw new DomainError('REFERRAL.ALREADY_COMPLETED', 'conflict', 'it was answered meanwhile');
    };
    await expect(endWithoutConsent(nodeOf(true), REFERRAL_ID, { run: refuse })).resolves.toBeUndefined();
    const within = endWithoutConsent(nodeOf(true), REFERRAL_ID, { run: refuse, transaction: TRANSACTION });
    await expect(within).rejects.toMatchObject({ code: 'REFERRAL.ALREADY_COMPLETED' });
  });

  it('an error that is no refusal is not passed over', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('the database is away');
    };
    await expect(endWithoutConsent(nodeOf(true), REFERRAL_ID, { run: fail })).rejects.toThrow('away');
  });
});
