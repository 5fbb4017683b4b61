import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { type CaseLinkCommand, caseLinkDecider, caseLinkProcedure } from './case-link.ts';
import type { CaseLinkEvent } from './case-link-events.ts';
import { publishCaseLink } from './publish.ts';

const linkId = '1c0d4a57-52a5-4f0e-9d3f-6a4d1f0c2b11';
const caseId = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const linkedCaseId = '33333333-5a3c-4f0e-8c51-6a4d1f0c2b11';
const at = '2026-11-22T11:00:00.000Z';
const later = '2026-11-24T11:00:00.000Z';
const [BORDER, RETURNS] = ['cr-border-intake', 'cr-returns'];
const ground = { matchId: '5d6a4c80-3c41-4a58-9b75-6b1f4e0b9c77', reason: 'DOCUMENTS_COMPARED' } as const;
const readers = { shareOneKey: false, agencies: [BORDER] };

const LINK: Extract<CaseLinkCommand, { type: 'LinkCases' }> = {
  ...{ type: 'LinkCases', linkId, caseId, linkedCaseId, ground, officer: 'one', readers, now: at },
};
const UNLINK: Extract<CaseLinkCommand, { type: 'UnlinkCases' }> = {
  ...{ type: 'UnlinkCases', linkId, ground, proposedBy: 'one', confirmedBy: 'two', readers, now: later },
};
const linked = (revision = 1, now = at): CaseLinkEvent => ({
  type: 'CasesLinked',
  data: { linkId, caseId, linkedCaseId, revision, ground, linkedBy: 'one', readers, linkedAt: now },
});
const unlinked = (revision = 2, agencies = [BORDER]): CaseLinkEvent => ({
  type: 'CasesUnlinked',
  data: {
    ...{ linkId, caseId, linkedCaseId, revision, ground, proposedBy: 'one', confirmedBy: 'two' },
    ...{ readers: { shareOneKey: false, agencies }, unlinkedAt: later },
  },
});
const told = (...agencies: string[]): CaseLinkEvent => ({
  type: 'LinkTold',
  data: { linkId, agencies, toldAt: later },
});

const { given } = decides(caseLinkDecider);

describe('two cases of one person', () => {
  it('are linked by one officer, once', () => {
    given().when(LINK).then(linked());
    given(linked()).when(LINK).thenNothing();
  });

  it('are never one case', () => {
    given()
      .when({ ...LINK, linkedCaseId: caseId })
      .thenRefused('LINK.ONE_CASE');
  });

  it('are told of to whoever was not told yet, while they are linked', () => {
    const more = { ...LINK, readers: { shareOneKey: false, agencies: [BORDER, RETURNS] }, now: later };
    given(linked()).when(more).then(told(RETURNS));
    given(linked(), told(RETURNS)).when(more).thenNothing();
    const again = { type: 'TellOfLink', linkId, agencies: [RETURNS], now: later } as const;
    given(linked()).when(again).then(told(RETURNS));
    given(linked(), told(BORDER)).when(again).then(told(RETURNS));
    given(linked(), told(RETURNS))
      .when({ ...again, now: '2026-11-24T11:59:59.999Z' })
      .thenNothing();
    const anHourOn = { ...again, now: '2026-11-24T12:00:00.000Z' };
    given(linked(), told(RETURNS))
      .when(anHourOn)
      .then({ ...told(RETURNS), data: { linkId, agencies: [RETURNS], toldAt: anHourOn.now } } as CaseLinkEvent);
    given(linked())
      .when({ ...again, agencies: [] })
      .thenNothing();
    given(linked(), unlinked()).when(again).thenNothing();
    given().when(again).thenNothing();
  });

  it('are unlinked by two officers, before all who were told, and linked anew under the next revision', () => {
    given(linked(), told(RETURNS))
      .when(UNLINK)
      .then(unlinked(2, [BORDER, RETURNS]));
    given(linked())
      .when({ ...UNLINK, confirmedBy: 'one' })
      .thenRefused('LINK.SAME_OFFICER');
    given(linked(), unlinked()).when(UNLINK).thenNothing();
    given().when(UNLINK).thenNothing();
    given(linked(), unlinked()).when(LINK).then(linked(3));
  });
});

describe('what others learn of a link', () => {
  const published = (...events: readonly CaseLinkEvent[]) => {
    const words = publishCaseLink(events.at(-1) as CaseLinkEvent, fold(caseLinkDecider, events));
    for (const { type, data } of words) expect(contractDataFault(type, 1, data)).toBeUndefined();
    return words;
  };
  const alone = (to: string) => ({ to, under: 'offer-key' });
  const frame = { class: 'hold', type: 'CasesLinked', schemaVersion: 1, occurredAt: at };

  it('is said under the pseudonym of one case alone, and of the other one to each agency for itself', () => {
    const data = { linkId, revision: 1, linkedAt: at };
    expect(published(linked())).toEqual([
      { ...frame, caseId, audience: 'coded', data: { ...data, linkedCaseId } },
      { ...frame, caseId: linkedCaseId, audience: alone(BORDER), data: { ...data, linkedCaseId: caseId } },
    ]);
    expect(published(linked(), told(RETURNS))).toEqual([
      { ...frame, caseId: linkedCaseId, audience: alone(RETURNS), data: { ...data, linkedCaseId: caseId } },
    ]);
  });

  it('is said of both where all share one key and nobody is told alone', () => {
    const [one, other, ...more] = published({
      ...linked(),
      data: { ...linked().data, readers: { shareOneKey: true, agencies: [BORDER] } },
    } as CaseLinkEvent);
    expect([one?.audience, one?.caseId, other?.audience, other?.caseId, more]).toEqual([
      ...['coded', caseId, 'coded', linkedCaseId, []],
    ]);
  });

  it('is that it is over, for all who were told', () => {
    const data = { linkId, revision: 2, unlinkedAt: later };
    const over = { ...frame, type: 'CasesUnlinked', occurredAt: later };
    expect(published(linked(), unlinked(2, [BORDER, RETURNS]))).toEqual([
      { ...over, caseId, audience: 'coded', data: { ...data, linkedCaseId } },
      { ...over, caseId: linkedCaseId, audience: alone(BORDER), data: { ...data, linkedCaseId: caseId } },
      { ...over, caseId: linkedCaseId, audience: alone(RETURNS), data: { ...data, linkedCaseId: caseId } },
    ]);
    expect(published(linked(), unlinked(), told(RETURNS))).toEqual([]);
  });

  it('goes with the agency’s own case', () => {
    expect(caseLinkProcedure.caseOf(fold(caseLinkDecider, [linked()]))).toBe(caseId);
  });
});
