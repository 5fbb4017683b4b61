import { describe, expect, it } from '@jest/globals';
import type { ConsentGrantedV1Data } from '@acogida/contracts';
import { fold, type JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import {
  acknowledgementsOf,
  awaitedOf,
  consentDecider,
  type ConsentEvent,
  consentOf,
  type ConsentRegister,
} from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import type { ExecuteOptions, ProcedureHandler } from '../procedure-handler.ts';
import { consentDesk } from './consent-desk.ts';
import type { Holding } from './holdings.ts';

const CONSENT_ID = '6b1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const GIVEN_AT = '2026-11-22T09:00:00.000Z';
const WITHDRAWN_AT = '2026-12-01T15:00:00.000Z';
const NOW = '2026-12-01T15:00:05.000Z';
const GRANTED: ConsentGrantedV1Data = {
  ...{ consentId: CONSENT_ID, basis: 'CONSENT', purposes: ['REFERRAL'], fields: ['SEX'], recipients: ['cr-conatt'] },
  ...{ services: ['TRAFFICKING_SCREENING'], history: 'CURRENT', form: 'WRITTEN', givenBy: 'SELF' },
  ...{ childAssent: 'NOT_APPLICABLE', language: 'hat', interpretation: 'IN_PERSON' },
  expiresAt: '2027-11-22T23:59:59.999Z',
};
const WITHDRAWN = {
  ...{ consentId: CONSENT_ID, withdrawnAt: WITHDRAWN_AT, lodgedAt: 'mx-comar', form: 'WRITTEN' },
  ...{ language: null, interpretation: null },
};
const PROOF = { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null } as const;
const FILE: Holding = { category: 'CASE_FILE', legalBasis: 'OPEN_PROCEDURE', isHeld: async () => true };
const RETAINED_FILE = { category: 'CASE_FILE', legalBasis: 'OPEN_PROCEDURE', until: null } as const;

function received(type: string, source: string, data: JsonObject, occurredAt: string): ReceivedEvent {
  return {
    ...{ id: '16fd2706-8baf-433b-82eb-8c7fada847da', source, class: 'consent', subject: 'subject', number: 7 },
    ...{ time: occurredAt, clockAhead: false },
    payload: {
      ...{ type, schemaVersion: 1, caseId: CASE_ID, data, occurredAt, recordedAt: occurredAt, version: 1 },
      ...{ stream: `consent-${CASE_ID}`, publishedHead: '', privateHead: '', clock: '1795338000000-000000' },
      ...{ correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', causation: null },
    },
  };
}

const granted = received('ConsentGranted', 'cr-border-intake', { ...GRANTED }, GIVEN_AT);
const withdrawn = received('ConsentWithdrawn', 'mx-comar', WITHDRAWN, WITHDRAWN_AT);
const acknowledged = received(
  'WithdrawalAcknowledged',
  'cr-conatt',
  { consentId: CONSENT_ID, destroyed: [], retained: [PROOF] },
  NOW,
);

/** An agency that keeps the consents of one case in memory and reacts to what it receives. */
class Agency {
  readonly events: ConsentEvent[] = [];
  readonly executed: ExecuteOptions<never, never, never>[] = [];
  readonly #context: NodeContext;
  readonly #holdings: readonly Holding[];

  constructor(agencyId: string, holdings: readonly Holding[] = []) {
    this.#holdings = holdings;
    const load = async () => ({ version: this.events.length, state: this.register });
    const executeWithin = async (_: Transaction, options: ExecuteOptions<never, never, never>) => {
      this.executed.push(options);
      this.events.push(...consentDecider.decide(options.command, this.register));
      return { version: this.events.length, state: this.register, events: [] };
    };
    const handler = { load, executeWithin } as unknown as ProcedureHandler;
    this.#context = { agencyId, jurisdiction: 'CR', handler, clock: { now: () => NOW }, members: () => [] };
  }

  get register(): ConsentRegister {
    return fold(consentDecider, this.events);
  }

  get types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  async hears(...events: readonly ReceivedEvent[]): Promise<void> {
    const nothingHeld = { query: async () => ({ rowCount: 0, rows: [] }) } as unknown as Transaction;
    for (const event of events) {
      for (const policy of consentDesk(this.#holdings).policies(this.#context)) {
        if (policy.on === event.payload.type) await policy.react(event, nothingHeld);
      }
    }
  }
}

describe('when a consent is granted', () => {
  it('every agency that can read it notes it, with its cause on record', async () => {
    const agency = new Agency('mx-comar');
    await agency.hears(granted);
    expect(agency.types).toEqual(['ConsentNoted']);
    expect(agency.events[0]?.data).toMatchObject({ recordedAt: 'cr-border-intake', grantedAt: GIVEN_AT });
    expect(agency.executed[0]).toMatchObject({
      id: CASE_ID,
      actor: 'mx-comar.when-consent-granted-then-note-consent',
      correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      causation: { source: 'cr-border-intake', id: '16fd2706-8baf-433b-82eb-8c7fada847da' },
    });
  });

  it('heard twice: nothing', async () => {
    const agency = new Agency('mx-comar');
    await agency.hears(granted, granted);
    expect(agency.types).toEqual(['ConsentNoted']);
  });

  it('another agency’s word under the same id is refused', async () => {
    const agency = new Agency('mx-comar');
    const forged = { ...granted, source: 'cr-refugee-unit' };
    await expect(agency.hears(granted, forged)).rejects.toMatchObject({ code: 'CONSENT.CONTRADICTION' });
  });

  it('without a case it is refused', async () => {
    const agency = new Agency('mx-comar');
    const homeless = { ...granted, payload: { ...granted.payload, caseId: null } };
    await expect(agency.hears(homeless)).rejects.toMatchObject({ code: 'CONSENT.CASE_MISSING' });
  });
});

describe('when a consent is withdrawn', () => {
  it('an agency that it names stops, and says what it keeps and on which basis', async () => {
    const agency = new Agency('cr-conatt', [FILE]);
    await agency.hears(granted, withdrawn);
    expect(consentOf(agency.register, CONSENT_ID)).toMatchObject({ status: 'WITHDRAWN' });
    expect(agency.events.slice(1)).toEqual([
      { type: 'WithdrawalNoted', data: { ...WITHDRAWN, caseId: CASE_ID, reason: 'NOT_STATED' } },
      {
        type: 'WithdrawalAcknowledged',
        data: {
          ...{ consentId: CONSENT_ID, caseId: CASE_ID, agency: 'cr-conatt', acknowledgedAt: NOW },
          ...{ destroyed: [], retained: [PROOF, RETAINED_FILE] },
        },
      },
    ]);
  });

  it('heard twice: nothing', async () => {
    const agency = new Agency('cr-conatt');
    await agency.hears(granted, withdrawn, withdrawn);
    expect(agency.types).toEqual(['ConsentNoted', 'WithdrawalNoted', 'WithdrawalAcknowledged']);
  });

  it('before it is heard of, it takes effect then, and is answered then', async () => {
    const agency = new Agency('cr-conatt');
    await agency.hears(withdrawn);
    expect(agency.types).toEqual(['WithdrawalNoted']);
    await agency.hears(granted);
    expect(agency.types).toEqual(['WithdrawalNoted', 'ConsentNoted', 'WithdrawalAcknowledged']);
    expect(consentOf(agency.register, CONSENT_ID)?.status).toBe('WITHDRAWN');
  });

  it('an agency that is not named and holds nothing knows it, and says nothing', async () => {
    const agency = new Agency('cr-refugee-unit');
    await agency.hears(granted, withdrawn);
    expect(agency.types).toEqual(['ConsentNoted', 'WithdrawalNoted']);
  });

  it('an agency that is not named but holds something says so', async () => {
    const agency = new Agency('cr-refugee-unit', [FILE]);
    await agency.hears(granted, withdrawn);
    expect(agency.events.at(-1)?.data).toMatchObject({ retained: [PROOF, RETAINED_FILE] });
  });

  it('an agency that knows it by its id alone, having been referred to under it, says what it holds', async () => {
    const agency = new Agency('cr-refugee-unit', [FILE]);
    await agency.hears(withdrawn);
    expect(agency.types).toEqual(['WithdrawalNoted', 'WithdrawalAcknowledged']);
    expect(agency.events.at(-1)?.data).toMatchObject({
      ...{ consentId: CONSENT_ID, agency: 'cr-refugee-unit', destroyed: [], retained: [RETAINED_FILE] },
    });
  });

  it('whoever says it as well is answered too, and what was destroyed stays said', async () => {
    let isThere = true;
    const identity: Holding = {
      ...{ category: 'IDENTITY', legalBasis: 'OPEN_PROCEDURE', isHeld: async () => false },
      isDestroyedBy: async () => isThere,
    };
    const agency = new Agency('cr-refugee-unit', [FILE, identity]);
    await agency.hears(withdrawn);
    isThere = false;
    const passedOn = received('ConsentWithdrawn', 'cr-conatt', { ...WITHDRAWN, lodgedAt: 'cr-conatt' }, WITHDRAWN_AT);
    await agency.hears(withdrawn, passedOn, passedOn);
    expect(agency.types).toEqual(['WithdrawalNoted', 'WithdrawalAcknowledged', 'WithdrawalAcknowledged']);
    const said = { destroyed: ['IDENTITY'], retained: [RETAINED_FILE] };
    expect(agency.events.slice(1).map(({ data }) => data)).toEqual([
      expect.objectContaining(said),
      expect.objectContaining({ ...said, saidTo: ['cr-conatt'] }),
    ]);
  });

  it('what came under it is said to be destroyed, unless part of it is kept', async () => {
    const gone = { isHeld: async () => false, isDestroyedBy: async () => true };
    const attached: Holding = { category: 'ATTACHMENTS', legalBasis: 'LEGAL_CLAIMS', ...gone };
    const partly: Holding = { ...FILE, isDestroyedBy: gone.isDestroyedBy };
    const agency = new Agency('cr-conatt', [attached, partly]);
    await agency.hears(granted, withdrawn);
    expect(agency.events.at(-1)?.data).toMatchObject({ destroyed: ['ATTACHMENTS'], retained: [PROOF, RETAINED_FILE] });
  });

  it('what only a legal hold keeps is said to be kept on that basis, once', async () => {
    const isKeptByLegalHold: Holding['isKeptByLegalHold'] = async (_, { consentId, caseId, withdrawnAt }) =>
      consentId === CONSENT_ID && caseId === CASE_ID && withdrawnAt === WITHDRAWN_AT;
    const identity: Holding = { category: 'IDENTITY', legalBasis: 'OPEN_PROCEDURE', isHeld: async () => true };
    const agency = new Agency('cr-conatt', [FILE, { ...identity, isKeptByLegalHold }]);
    const kept = { category: 'IDENTITY', legalBasis: 'LEGAL_HOLD', until: null };
    await agency.hears(granted, withdrawn);
    expect(agency.events.at(-1)?.data).toMatchObject({ destroyed: [], retained: [PROOF, RETAINED_FILE, kept] });
    const before = new Agency('cr-conatt', [{ ...identity, isKeptByLegalHold }]);
    await before.hears(withdrawn, granted);
    expect(before.events.at(-1)?.data).toMatchObject({ destroyed: [], retained: [PROOF, kept] });
  });

  it('an agency is heard for itself only: no other is said to have lodged it', async () => {
    const agency = new Agency('mx-comar');
    const forged = received('ConsentWithdrawn', 'cr-conatt', { ...WITHDRAWN, lodgedAt: 'mx-comar' }, WITHDRAWN_AT);
    await agency.hears(granted, forged);
    expect(consentOf(agency.register, CONSENT_ID)).toMatchObject({
      status: 'WITHDRAWN',
      withdrawal: { lodgedAt: 'cr-conatt', withdrawnAt: WITHDRAWN_AT },
    });
  });

  it('but whoever recorded the consent passes on what was lodged elsewhere', async () => {
    const agency = new Agency('cr-conatt');
    await agency.hears(granted, received('ConsentWithdrawn', 'cr-border-intake', WITHDRAWN, WITHDRAWN_AT));
    expect(consentOf(agency.register, CONSENT_ID)).toMatchObject({ withdrawal: { lodgedAt: 'mx-comar' } });
  });

  it('all of a case: whoever holds something answers, though it knows of no consent', async () => {
    const all = received('ConsentWithdrawn', 'mx-comar', { ...WITHDRAWN, consentId: null }, WITHDRAWN_AT);
    const agency = new Agency('cr-refugee-unit', [FILE]);
    await agency.hears(all);
    expect(agency.events.at(-1)).toMatchObject({
      type: 'WithdrawalAcknowledged',
      data: { consentId: null, retained: [RETAINED_FILE] },
    });
    const other = new Agency('cr-conatt');
    await other.hears(all);
    expect(other.types).toEqual(['WithdrawalNoted']);
  });
});

describe('when a withdrawal is acknowledged', () => {
  it('the agency where it was lodged collects the answer, once', async () => {
    const agency = new Agency('mx-comar');
    await agency.hears(granted, withdrawn, acknowledged, acknowledged);
    expect(agency.types).toEqual(['ConsentNoted', 'WithdrawalNoted', 'WithdrawalAcknowledgementNoted']);
    expect(consentOf(agency.register, CONSENT_ID)?.acknowledgements).toEqual({
      'cr-conatt': { acknowledgedAt: NOW, destroyed: [], retained: [PROOF] },
    });
  });

  it('an answer to the withdrawal of all that comes before that is kept where the consents were recorded', async () => {
    const agency = new Agency('cr-border-intake');
    const { recipients, ...facts } = GRANTED;
    agency.events.push({
      type: 'ConsentGranted',
      data: {
        ...{ consentId: CONSENT_ID, caseId: CASE_ID, recordedAt: 'cr-border-intake', grantedAt: GIVEN_AT },
        ...{ basis: facts.basis, form: facts.form, givenBy: facts.givenBy, childAssent: facts.childAssent },
        ...{ language: facts.language, interpretation: facts.interpretation, expiresAt: facts.expiresAt },
        scope: {
          ...{ purposes: facts.purposes, fields: facts.fields, services: facts.services, history: facts.history },
          recipients: recipients ?? [],
        },
      },
    });
    const answered = { consentId: null, destroyed: [], retained: [PROOF] };
    const early = received('WithdrawalAcknowledged', 'cr-conatt', answered, NOW);
    await agency.hears(early, early);
    const before = consentOf(agency.register, CONSENT_ID);
    expect(before?.status).toBe('GRANTED');
    await agency.hears(received('ConsentWithdrawn', 'mx-comar', { ...WITHDRAWN, consentId: null }, WITHDRAWN_AT));
    const record = consentOf(agency.register, CONSENT_ID);
    expect(record?.status).toBe('WITHDRAWN');
    if (record === undefined) throw new Error('unreachable');
    expect(awaitedOf(agency.register, record, 'cr-border-intake')).toEqual([]);
    expect(acknowledgementsOf(agency.register, record)['cr-conatt']).toMatchObject({ retained: [PROOF] });
  });

  it('others do nothing', async () => {
    const agency = new Agency('cr-refugee-unit');
    await agency.hears(granted, withdrawn, acknowledged);
    expect(agency.types).toEqual(['ConsentNoted', 'WithdrawalNoted']);
  });
});
