import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { DomainError, fold } from '@acogida/core';
import fc from 'fast-check';
import {
  type CustodyCommand,
  custodyDecider,
  type CustodyEvent,
  custodyProcedure,
  type CustodyState,
} from './custody.ts';
import { termsOf } from './custody-terms.ts';

const { given } = decides(custodyDecider);
const caseId = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const referralId = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const at = '2026-11-22T11:00:00.000Z';
const [INTAKE, SHELTER, REFUGE] = ['cr-border-intake', 'cr-pani-shelter', 'cr-refugee-unit'];

type Command<T extends CustodyCommand['type']> = Extract<CustodyCommand, { readonly type: T }>;
const OPEN: Command<'OpenCustody'> = { type: 'OpenCustody', by: INTAKE, now: at, caseId };
const RELEASE: Command<'RecordRelease'> = {
  type: 'RecordRelease',
  ...{ caseId, referralId, term: 2, from: INTAKE, to: SHELTER, number: 7, at },
};
const SUCCEED: Command<'RecordSuccession'> = {
  type: 'RecordSuccession',
  ...{ caseId, heldTerm: null, from: INTAKE, successor: REFUGE, lastGoodNumber: 9, at },
};

type Taken = Extract<CustodyEvent, { readonly type: 'CustodyTaken' }>;
const taken = (change: Partial<Taken['data']>): Taken => ({
  type: 'CustodyTaken',
  data: {
    ...{ caseId, term: 1, holder: INTAKE, basis: 'OPENED', from: null, releasedBy: null, lastGoodNumber: null },
    ...{ referralId: null, takenAt: at, ...change },
  },
});
const OPENED = taken({});
const RELEASED = taken({
  ...{ term: 2, holder: SHELTER, basis: 'RELEASED', from: INTAKE, releasedBy: 7, referralId },
});
const SUCCEEDED = taken({ term: 2, holder: REFUGE, basis: 'SUCCESSION', from: INTAKE, lastGoodNumber: 9 });

describe('OpenCustody', () => {
  it('begins the first term, once', () => {
    given().when(OPEN).then(OPENED);
    given(OPENED).when(OPEN).thenNothing();
  });

  it('is refused where another agency has the case', () => {
    given(OPENED)
      .when({ ...OPEN, by: SHELTER })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN');
  });
});

describe('RecordRelease', () => {
  it('moves the case to the next term, and is recorded once', () => {
    given(OPENED).when(RELEASE).then(RELEASED);
    given(OPENED, RELEASED).when(RELEASE).thenNothing();
  });

  it('is how a receiver first hears of the custody of a case', () => {
    given().when(RELEASE).then(RELEASED);
    given()
      .when({ ...RELEASE, term: 5 })
      .then(taken({ ...RELEASED.data, term: 5 }));
  });

  it.each([
    ['the term that is', { term: 1 }],
    ['a term to come, by this agency itself', { term: 3, number: null }],
    ['no term', { term: 0 }],
    ['the next term, to itself', { to: INTAKE }],
  ])('refuses a release under %s: stale, and nothing changes', (_, change) => {
    given(OPENED)
      .when({ ...RELEASE, ...change })
      .thenRefused('CUSTODY.STALE_TERM');
  });

  it('keeps one that comes before the terms in between, once, and counts it when they are known', () => {
    const { type: _, caseId: __, ...said } = RELEASE;
    const next = { ...said, term: 3, from: SHELTER, to: REFUGE, number: 2 };
    const kept: CustodyEvent = { type: 'CustodyReleaseKept', data: next };
    const record = { ...RELEASE, ...next };
    given(OPENED).when(record).then(kept);
    given(OPENED, kept).when(record).thenNothing();
    expect(fold(custodyDecider, [OPENED, kept])).toMatchObject({ term: 1, holder: INTAKE });
    given(OPENED, kept)
      .when(RELEASE)
      .then(RELEASED, taken({ ...RELEASED.data, term: 3, holder: REFUGE, from: SHELTER, releasedBy: 2 }));
  });

  it('keeps one that follows from a release of an agency that is gone, and counts it when that is heard', () => {
    const { type: _, caseId: __, ...kept } = { ...RELEASE, term: 3, from: SHELTER, to: 'mx-comar' };
    const KEPT: CustodyEvent = { type: 'CustodyReleaseKept', data: kept };
    const later = taken({
      ...{ term: 3, holder: 'mx-comar', basis: 'RELEASED', from: SHELTER, releasedBy: 7, referralId },
    });
    given(OPENED, SUCCEEDED)
      .when({ type: 'RecordRelease', caseId, ...kept })
      .then(KEPT);
    given(OPENED, SUCCEEDED, KEPT).when(RELEASE).then(RELEASED, later);
    given(OPENED, SUCCEEDED)
      .when({ type: 'RecordRelease', caseId, ...kept, number: null })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN'); // nobody here gives away what another has
  });

  it('of before all that is known is stale', () => {
    given(taken({ ...RELEASED.data, term: 5, from: REFUGE }))
      .when(RELEASE)
      .thenRefused('CUSTODY.STALE_TERM');
  });

  it('refuses a release by another than the custodian', () => {
    given(OPENED)
      .when({ ...RELEASE, from: REFUGE })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN');
    given(OPENED, RELEASED)
      .when({ ...RELEASE, term: 3, to: REFUGE })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN');
  });

  it('refuses a second release of the same term to another agency', () => {
    given(OPENED, RELEASED)
      .when({ ...RELEASE, to: REFUGE })
      .thenRefused('CUSTODY.STALE_TERM');
  });

  it('refuses a second release of the same term by another referral', () => {
    const other = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
    given(OPENED, RELEASED)
      .when({ ...RELEASE, referralId: other })
      .thenRefused('CUSTODY.STALE_TERM');
  });
});

describe('RecordSuccession', () => {
  it('gives the case of an agency that is gone to its successor, at the next term, once', () => {
    given(OPENED).when(SUCCEED).then(SUCCEEDED);
    given(OPENED, SUCCEEDED).when(SUCCEED).thenNothing();
  });

  it('takes the word of the agency that is gone where nothing else is known of the case, and else does nothing', () => {
    given().when(SUCCEED).thenNothing();
    const fourth = taken({ ...SUCCEEDED.data, term: 4 });
    given()
      .when({ ...SUCCEED, heldTerm: 3 })
      .then(fourth);
    given(fourth)
      .when({ ...RELEASE, term: 4 })
      .then(taken({ ...RELEASED.data, term: 4 }));
    given(OPENED)
      .when({ ...SUCCEED, heldTerm: 3 })
      .then(SUCCEEDED);
  });

  it('is kept where the agency does not have the case, and counts once it does', () => {
    const { type: _, caseId: __, heldTerm: ___, ...order } = { ...SUCCEED, from: SHELTER };
    const kept: CustodyEvent = { type: 'SuccessionOrderKept', data: order };
    given(OPENED)
      .when({ ...SUCCEED, from: SHELTER })
      .then(kept);
    given(OPENED, kept)
      .when({ ...SUCCEED, from: SHELTER })
      .thenNothing();
    const third = { term: 3, holder: REFUGE, basis: 'SUCCESSION', from: SHELTER, lastGoodNumber: 9 } as const;
    given(OPENED, kept).when(RELEASE).then(RELEASED, taken(third));
  });

  it('is refused for an agency that would succeed itself', () => {
    given(OPENED)
      .when({ ...SUCCEED, successor: INTAKE })
      .thenRefused('CUSTODY.SUCCESSOR_UNCLEAR');
  });

  it('leaves what was given away in time, whichever is heard first', () => {
    const { type: _, caseId: __, heldTerm: ___, ...order } = SUCCEED;
    given(OPENED, RELEASED).when(SUCCEED).then({ type: 'SuccessionOrderKept', data: order });
    given(OPENED, SUCCEEDED).when(RELEASE).then(RELEASED);
  });

  it('takes back what was given away after the last good number, whichever is heard first', () => {
    const order = { ...SUCCEED, lastGoodNumber: 6 };
    const succeeded = taken({ ...SUCCEEDED.data, lastGoodNumber: 6 });
    given(OPENED, RELEASED).when(order).then(succeeded);
    given(RELEASED).when(order).then(succeeded);
    given(OPENED, succeeded).when(RELEASE).thenRefused('CUSTODY.STALE_TERM');
  });

  it('takes back what followed from that as well', () => {
    const onwards = taken({ ...RELEASED.data, term: 3, holder: 'mx-comar', from: SHELTER, releasedBy: 2 });
    const succeeded = taken({ ...SUCCEEDED.data, lastGoodNumber: 6 });
    given(OPENED, RELEASED, onwards)
      .when({ ...SUCCEED, lastGoodNumber: 6 })
      .then(succeeded);
    expect(fold(custodyDecider, [OPENED, RELEASED, onwards, succeeded])).toMatchObject({ term: 2, holder: REFUGE });
  });

  it('ends where agencies are each other’s successors', () => {
    const back = { ...SUCCEED, from: REFUGE, successor: INTAKE };
    const history = custodyDecider.decide(back, fold(custodyDecider, [OPENED, SUCCEEDED]));
    expect(fold(custodyDecider, [OPENED, SUCCEEDED, ...history])).toMatchObject({ term: 3, holder: INTAKE });
  });
});

describe('custody', () => {
  it('is one agency’s in each term', () => {
    const onwards = taken({ term: 3, holder: REFUGE, basis: 'RELEASED', from: SHELTER, releasedBy: 2, referralId });
    const custody = {
      ...{ caseId, term: 3, holder: REFUGE, basis: 'RELEASED', from: SHELTER, releasedBy: 2, lastGoodNumber: null },
      ...{ referralId, since: at },
    };
    expect(fold(custodyDecider, [OPENED, RELEASED, onwards])).toMatchObject(custody);
  });

  it('publishes nothing by itself', () => {
    expect(custodyProcedure.publish()).toBeNull();
  });
});

/** Each agency gives the case to the next one at its own number; some are gone, from a number on. */
const worlds = fc.record({
  handovers: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
  gone: fc.uniqueArray(fc.record({ index: fc.nat(6), lastGoodNumber: fc.nat(9) }), {
    selector: ({ index }) => index,
    maxLength: 3,
  }),
  onwards: fc.boolean(),
  order: fc.infiniteStream(fc.nat()),
});

describe('the custody of a case', () => {
  it('is the same whatever order releases and successions are heard in, each once, and never two agencies’ (R9)', () => {
    const agency = (index: number): string => (index === 0 ? INTAKE : `agency-${index}`);
    const tell = (commands: readonly CustodyCommand[]): CustodyState =>
      commands.reduce<CustodyState>(
        (state, command) => {
          try {
            return fold(custodyDecider, custodyDecider.decide(command, state), state);
          } catch (error) {
            expect(error).toBeInstanceOf(DomainError); // quarantined and shown: no effect
            return state;
          }
        },
        fold(custodyDecider, [OPENED]),
      );

    fc.assert(
      fc.property(worlds, ({ handovers, gone, onwards, order }) => {
        const releases = handovers.map((number, index) => ({
          ...{ ...RELEASE, term: index + 2, number },
          ...{ from: agency(index), to: agency(index + 1) },
        }));
        const orders = gone.map(({ index, lastGoodNumber }) => ({
          ...{ ...SUCCEED, from: agency(index), successor: `heir-${index}`, lastGoodNumber },
        }));
        const told = tell([...releases, ...orders]) as NonNullable<CustodyState>;
        // An heir gives the case on: it does so once it has it, so after its order.
        const heir = orders.find(({ successor }) => successor === told.holder);
        const after = { ...RELEASE, term: told.term + 1, number: 1, from: told.holder, to: 'mx-comar' };
        const shuffled = [...releases, ...orders]
          .map((command) => ({ command, rank: order.next().value as number }))
          .sort((one, other) => one.rank - other.rank)
          .map(({ command }) => command);
        const all = onwards && heir !== undefined;
        const [here, there] = [
          tell([...releases, ...orders, ...(all ? [after] : [])]),
          tell([...shuffled, ...(all ? [after] : [])]),
        ] as [NonNullable<CustodyState>, NonNullable<CustodyState>];
        expect(termsOf(there)).toEqual(termsOf(here));
        expect(termsOf(here).map(({ term }) => term)).toEqual(termsOf(here).map((_, index) => index + 1));
        expect(all ? here.holder : 'mx-comar').toBe('mx-comar');
      }),
      { numRuns: 2_000 },
    );
  });
});
