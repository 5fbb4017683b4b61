import { beforeEach, describe, expect, it } from '@jest/globals';
import { type AppendRequest, StreamConflictError, type Transaction } from '@acogida/event-store';
import { type ConsentRegister, evolveConsents, NO_CONSENTS } from '@acogida/referral';
import type { ProcedureHandler } from '../procedure-handler.ts';
import { ConsentTelling } from './consent-telling.ts';

const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const CONSENT = '6b1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const REFERRAL = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11';
const [INTAKE, CONATT] = ['cr-border-intake', 'cr-conatt'];
const AT = '2026-11-22T09:00:00.000Z';
const NOW = '2026-11-23T09:00:00.000Z';
const WITHIN = {} as Transaction;
const OPENING = { stream: `case-keys-${CASE}` } as AppendRequest;

describe('telling a consent with the referral that is sent under it', () => {
  let register: ConsentRegister;
  let reads: (Transaction | undefined)[];
  let telling: ConsentTelling;

  beforeEach(() => {
    reads = [];
    const scope = { purposes: ['REFERRAL'], fields: ['FACTS'], recipients: [CONATT], services: ['SHELTER'] } as const;
    const spoken = { language: 'spa', interpretation: 'NONE_NEEDED', childAssent: 'NOT_APPLICABLE' } as const;
    register = evolveConsents(NO_CONSENTS, {
      type: 'ConsentGranted',
      data: {
        ...{ consentId: CONSENT, caseId: CASE, form: 'WRITTEN', givenBy: 'SELF', basis: 'CONSENT', ...spoken },
        ...{ scope: { ...scope, history: 'CURRENT' }, expiresAt: '2027-11-22T00:00:00.000Z' },
        ...{ recordedAt: INTAKE, grantedAt: AT },
      },
    });
    telling = new ConsentTelling({
      first: { before: async () => [OPENING], hasMoved: (error) => error === 'of the circle' },
      load: (async (_: unknown, id: string, transaction?: Transaction) => {
        expect(id).toBe(CASE);
        reads.push(transaction);
        return { version: 4, state: register };
      }) as unknown as ProcedureHandler['load'],
      now: () => NOW,
    });
  });

  function sent(consentId: string | undefined = CONSENT, type = 'ReferralRequested'): AppendRequest {
    const consent = consentId === '' ? {} : { consentId };
    return {
      ...{ stream: `referral-${REFERRAL}`, expectedVersion: 0, caseId: CASE },
      events: [{ type, schemaVersion: 2, data: {}, publish: null }],
      metadata: { actor: 'cr.caseworker', correlationId: REFERRAL, causation: null },
      state: { request: { caseId: CASE, receiver: CONATT, consent } },
    };
  }

  it('stands before it in the same append, after what opens the circle', async () => {
    const request = sent();
    const [opening, told, ...more] = await telling.before(request, WITHIN);
    expect([opening, more, reads]).toEqual([OPENING, [], [WITHIN]]);
    expect(told).toMatchObject({
      ...{ stream: `consent-${CASE}`, expectedVersion: 4, caseId: CASE, metadata: request.metadata },
      events: [{ type: 'ConsentTold', data: { consentId: CONSENT, caseId: CASE, to: CONATT, toldAt: NOW } }],
    });
  });

  it('is done once', async () => {
    const toldAt = { consentId: CONSENT, caseId: CASE, to: CONATT, toldAt: AT };
    register = evolveConsents(register, { type: 'ConsentTold', data: toldAt });
    expect(await telling.before(sent())).toEqual([OPENING]);
  });

  it.each<[string, AppendRequest]>([
    ['names no recorded consent', sent('')],
    ['is not sent by this', sent(CONSENT, 'ReferralReceived')],
    ['is no referral at all', { ...sent(), stream: `case-intake-${CASE}` }],
  ])('is nothing where it %s', async (_, request) => {
    expect([await telling.before(request), reads]).toEqual([[OPENING], []]);
  });

  it('is tried again where the consents of the case moved, or the circle did', () => {
    const moved = new StreamConflictError(`consent-${CASE}`, 4, 5);
    expect(telling.hasMoved(moved, sent())).toBe(true);
    expect(telling.hasMoved(moved, { ...sent(), stream: `consent-${CASE}` })).toBe(false);
    expect(telling.hasMoved('of the circle', sent())).toBe(true);
    expect(telling.hasMoved(new StreamConflictError(`referral-${REFERRAL}`, 0, 1), sent())).toBe(false);
  });
});
