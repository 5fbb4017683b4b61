import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import type { IdentityElements } from '@acogida/safeguards';
import { clearanceRequestOf } from '../safeguards/clearance-wire.ts';
import { ClearanceAsking } from './clearance-asking.ts';
import { FakeChannel } from './testing/gate-bench.ts';

const clearanceId = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
const [ASKED, OTHER, SAME, NAMELESS, ERASED] = ['1', '2', '3', '4', '5'].map(
  (digit) => `${digit}b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11`,
) as [string, string, string, string, string];
const called = (...names: string[]): IdentityElements => ({
  ...{ names, dateOfBirth: null, sex: null, nationalities: [], documents: [] },
});
const KEPT = new Map([
  [ASKED, called('Rosa Jiménez')],
  [OTHER, called('Rosa Urdaneta')],
  [SAME, called('Rosa Jiménez')],
  [NAMELESS, called()],
]);

const channel = new FakeChannel();
const asking = new ClearanceAsking(
  channel,
  {},
  {
    elementsOf: async (caseId) => {
      if (caseId === ERASED) throw new DomainError('CASE_ERASED', 'gone', 'erased');
      return KEPT.get(caseId) ?? null;
    },
  },
);

/** What an authority gets of a question about the first case, of a person who has all of them. */
async function toldTo(authority: string, knowers: readonly string[] = []) {
  const elements = await asking.elementsOf(ASKED);
  const linkedCaseIds = [OTHER, SAME, NAMELESS, ERASED];
  const linkedElements = await asking.linkedElementsOf(linkedCaseIds, elements);
  channel.reset();
  await asking.askAll([{ authority, clearanceId }], {
    ...{ caseId: ASKED, linkedCaseIds, removal: 'EXPULSION', elements, linkedElements, knowers },
    inPlaceOf: () => [],
  });
  return clearanceRequestOf(clearanceId, channel.asked[0]?.request.body ?? {});
}

describe('a question about a person whom the gate keeps under several names', () => {
  it('INV-02 says each of them that says something else, and of which case it is', async () => {
    expect(await toldTo('cr-conatt')).toMatchObject({
      identity: KEPT.get(ASKED),
      linkedIdentities: [{ caseId: OTHER, identity: KEPT.get(OTHER) }],
    });
  });

  it('says none to whoever only knows the case by its own hold', async () => {
    expect(await toldTo('cr-conatt', ['cr-conatt'])).toMatchObject({ identity: null, linkedIdentities: [] });
  });

  it('is as it was where there is one case', async () => {
    const elements = await asking.elementsOf(ASKED);
    channel.reset();
    await asking.askAll([{ authority: 'cr-conatt', clearanceId }], {
      ...{ caseId: ASKED, linkedCaseIds: [], removal: 'EXPULSION', elements, linkedElements: [], knowers: [] },
      inPlaceOf: () => [],
    });
    expect(Object.keys(channel.asked[0]?.request.body ?? {}).sort()).toEqual(
      ['caseId', 'clearanceId', 'identity', 'inPlaceOf', 'removal'], // what every release reads
    );
  });

  it('is refused where it tells of a case that it does not say to be the person’s', () => {
    const body = { caseId: ASKED, clearanceId, removal: 'EXPULSION', identity: null };
    const linkedIdentities = [{ caseId: OTHER, identity: { ...called('Rosa Urdaneta') } }];
    expect(() => clearanceRequestOf(clearanceId, { ...body, linkedIdentities } as never)).toThrow(
      expect.objectContaining({ code: 'CLEARANCE.MALFORMED' }),
    );
  });
});
