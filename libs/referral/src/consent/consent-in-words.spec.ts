import { describe, expect, it } from '@jest/globals';
import { NO_CONSENTS } from './consent.ts';
import { CASE_ID, INTAKE, PERSON, QUESTION, RECEIVER, RECIPIENT, WITHDRAWAL } from './consent-examples.ts';
import { consentInWords } from './consent-in-words.ts';
import { judgeSharing } from './judge-sharing.ts';

const REQUEST: Parameters<typeof consentInWords>[0] = {
  ...{ referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10', caseId: CASE_ID, sender: INTAKE, receiver: RECEIVER },
  ...{ service: 'TRAFFICKING_SCREENING', requestedAt: '2026-11-22T09:00:00.000Z' },
  attachments: [],
  consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: null },
};

describe('a consent in a referral’s own words', () => {
  it('allows this referral, its coded facts and nothing else', () => {
    const known = [consentInWords(REQUEST, 'CR', NO_CONSENTS)];
    const at = REQUEST.requestedAt;
    const asked = { ...QUESTION, fields: ['FACTS', 'NAME'] } as const;
    expect(judgeSharing(asked, known, RECIPIENT, PERSON, at)).toEqual({
      ...{ allowed: true, fields: ['FACTS'], consentId: REQUEST.referralId, refusals: [], asOf: at, needs: [] },
    });
    const others = { ...RECIPIENT, agencyId: 'mx-comar' };
    expect(judgeSharing(QUESTION, known, others, PERSON, at).refusals).toEqual(['CONSENT.OTHER_RECIPIENT']);
    const elsewhere = { ...QUESTION, service: 'HEALTH' } as const;
    expect(judgeSharing(elsewhere, known, RECIPIENT, PERSON, at).refusals).toEqual(['CONSENT.OTHER_SERVICE']);
  });

  it('says who gave it and how it was explained, as far as it was stated', () => {
    const said = { givenBy: 'GUARDIAN', childAssent: 'TOO_YOUNG', interpretation: 'REMOTE' } as const;
    const stated = { ...REQUEST, consent: { ...REQUEST.consent, ...said } };
    expect(consentInWords(stated, 'CR', NO_CONSENTS).facts).toMatchObject(said);
    const unsaid = { givenBy: 'SELF', childAssent: 'NOT_APPLICABLE', interpretation: null };
    expect(consentInWords(REQUEST, 'CR', NO_CONSENTS).facts).toMatchObject(unsaid);
  });

  it.each([
    ['2025', '2025-01-01T00:00:00.000Z'],
    ['2025-12', '2025-12-01T00:00:00.000Z'],
    ['2025-12-24', '2025-12-24T00:00:00.000Z'],
    ['2031-12-24', REQUEST.requestedAt],
  ])('of %s is as old as it can be', (grantedOn, grantedAt) => {
    const consent = { ...REQUEST.consent, grantedOn };
    expect(consentInWords({ ...REQUEST, consent }, null, NO_CONSENTS).grantedAt).toBe(grantedAt);
  });

  it('ends after the time of the country', () => {
    const consent = { ...REQUEST.consent, grantedOn: '2025' };
    const known = [consentInWords({ ...REQUEST, consent }, 'CR', NO_CONSENTS)];
    expect(judgeSharing(QUESTION, known, RECIPIENT, PERSON, REQUEST.requestedAt).refusals).toEqual(['CONSENT.EXPIRED']);
  });

  it('covers the documents that it points to', () => {
    const attachment = { attachmentId: CASE_ID, kind: 'OTHER', sha256: 'a'.repeat(64) } as const;
    const known = [consentInWords({ ...REQUEST, attachments: [attachment] }, 'CR', NO_CONSENTS)];
    const asked = { ...QUESTION, fields: ['DOCUMENTS', 'FACTS'] } as const;
    expect(judgeSharing(asked, known, RECIPIENT, PERSON, REQUEST.requestedAt).fields).toEqual(['DOCUMENTS', 'FACTS']);
  });

  it.each([
    ['given before', '2026-11-30', 'WITHDRAWN'],
    ['given on a day that nobody knows', null, 'WITHDRAWN'],
    ['given since', '2026-12-02', 'GRANTED'],
    ['said to be of a day to come, which it cannot be', '2026-12-24', 'WITHDRAWN'],
  ])('is withdrawn with every consent of the case when it was %s', (_, grantedOn, status) => {
    const withdrawnAll = { ...WITHDRAWAL, acknowledgements: {} };
    const said = { ...REQUEST, requestedAt: '2026-12-03T09:00:00.000Z', consent: { ...REQUEST.consent, grantedOn } };
    expect(consentInWords(said, 'CR', { withdrawnAll }).status).toBe(status);
  });
});
