import { describe, expect, it } from '@jest/globals';
import type { HoldOnScreen } from './ledger-screen.ts';
import { at, BORDER, holdId, REFUGE, RETURNS } from './ledger-examples.ts';
import { type HoldElsewhere, protectionOf } from './protection.ts';

const nextId = '11111111-3c41-4a58-9b75-6b1f4e0b9c77';
const LATER = '2026-11-22T12:00:00.000Z';
const NOW = '2026-11-22T13:00:00.000Z';

const own = (change: Partial<HoldOnScreen> = {}): HoldOnScreen => ({
  ...{ holdId, kind: 'ASYLUM_INTENT', since: at, isProtected: true, protectedAt: at, basis: 'NO_LEASE' },
  ...{ waitsFor: [], isOvertaken: false, isLiftProposed: false, ...change },
});
const waiting = (...waitsFor: HoldOnScreen['waitsFor']): HoldOnScreen =>
  own({ isProtected: false, protectedAt: null, basis: null, waitsFor });
const heard = (change: Partial<HoldElsewhere> = {}): HoldElsewhere => ({
  ...{ holdId: nextId, authority: BORDER, successor: null, kind: null, since: LATER, ...change },
});
const screen = (holds: readonly HoldOnScreen[], others: readonly HoldElsewhere[] = []) =>
  protectionOf(holds, REFUGE, others, NOW);

describe('the screen of a person', () => {
  it('says that no hold is known, which opens no door', () => {
    expect(screen([])).toEqual({ status: 'NO_HOLD_KNOWN', since: null, protectedAtTheLatest: null, holds: [] });
  });

  it('INV-02 says since when the person is protected, and whose decision is next', () => {
    expect(screen([own()])).toEqual({
      ...{ status: 'PROTECTED', since: at, protectedAtTheLatest: null },
      holds: [
        {
          ...{ holdId, authority: REFUGE, kind: 'ASYLUM_INTENT', since: at, isProtected: true, protectedAt: at },
          ...{ basis: 'NO_LEASE', protectedAtTheLatest: null, isOvertaken: false },
          mustAct: [{ agency: REFUGE, step: 'AUTHORITY_DECIDES' }],
        },
      ],
    });
  });

  it('goes by the first hold that protects, though a later one waits', () => {
    const late = own({ holdId: nextId, protectedAt: LATER });
    expect(screen([waiting({ gate: RETURNS, atTheLatestInMs: null }), late, own()])).toMatchObject({
      ...{ status: 'PROTECTED', since: at, protectedAtTheLatest: null },
    });
  });

  it('says which gates must answer, and when the hold protects at the latest: with the last of what it waits for', () => {
    const lease = { gate: RETURNS, atTheLatestInMs: 1_000 };
    const forgotten = { gate: null, atTheLatestInMs: 60_000 };
    const shown = screen([waiting(lease, lease, forgotten)]);
    const byThen = '2026-11-22T13:01:00.000Z';
    expect(shown).toMatchObject({ status: 'NOT_YET_PROTECTED', since: null, protectedAtTheLatest: byThen });
    expect(shown.holds[0]).toMatchObject({
      ...{ isProtected: false, protectedAtTheLatest: byThen },
      mustAct: [
        { agency: RETURNS, step: 'GATE_ANSWERS_HALT' },
        { agency: REFUGE, step: 'LEASE_ENDS' },
      ],
    });
  });

  it('names no time where only a gate can end the wait', () => {
    const shown = screen([waiting({ gate: BORDER, atTheLatestInMs: null }, { gate: RETURNS, atTheLatestInMs: 1_000 })]);
    expect(shown).toMatchObject({ status: 'NOT_YET_PROTECTED', protectedAtTheLatest: null });
  });

  it('is protected by the first of several holds: each has its own time', () => {
    const soon = waiting({ gate: RETURNS, atTheLatestInMs: 1_000 });
    const late = waiting({ gate: RETURNS, atTheLatestInMs: 60_000 });
    expect(screen([late, soon]).protectedAtTheLatest).toBe('2026-11-22T13:00:01.000Z');
  });

  it('raises a departure that came first, and asks for the second officer', () => {
    expect(screen([own({ isOvertaken: true, isLiftProposed: true })]).holds[0]).toMatchObject({
      isOvertaken: true,
      mustAct: [
        { agency: REFUGE, step: 'DEPARTURE_REPORTED' },
        { agency: REFUGE, step: 'SECOND_OFFICER_DECIDES' },
      ],
    });
  });

  it('INV-17 says of another authority’s hold no more than it told: only that one knows whether it protects', () => {
    expect(screen([], [heard(), heard({ holdId, since: at })])).toEqual({
      ...{ status: 'HELD_ELSEWHERE', since: at, protectedAtTheLatest: null },
      holds: [heard(), heard({ holdId, since: at })].map(({ successor: _, ...hold }) => ({
        ...{ ...hold, isProtected: null, protectedAt: null, basis: null, protectedAtTheLatest: null },
        ...{ isOvertaken: false, mustAct: [{ agency: BORDER, step: 'AUTHORITY_DECIDES' }] },
      })),
    });
  });

  it('asks the successor of an authority that is gone', () => {
    const shown = screen([], [heard({ successor: RETURNS })]);
    expect(shown.holds[0]).toMatchObject({
      authority: BORDER,
      mustAct: [{ agency: RETURNS, step: 'AUTHORITY_DECIDES' }],
    });
  });

  it('says that an own hold does not protect yet, whatever another authority holds', () => {
    const shown = screen([waiting({ gate: RETURNS, atTheLatestInMs: 1_000 })], [heard()]);
    expect([shown.status, shown.holds.length]).toEqual(['NOT_YET_PROTECTED', 2]);
  });
});
