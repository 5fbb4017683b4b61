import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerEvent, PlacedHold } from './hold-ledger-events.ts';
import { answerToOwnHalt, haltsOfOwnGate } from './own-gate-halts.ts';

const OWN = 'cr-border-intake';
const at = '2026-11-22T11:00:00.000Z';
const count = { from: { boot: 'boot-1', ms: 0 }, spanMs: 61_000 };

function placed(holdId: string, awaits: PlacedHold['awaits']): HoldLedgerEvent {
  const hold = {
    holdId,
    kind: 'ASYLUM_INTENT',
    owner: OWN,
    groundId: null,
    placedBy: 'o',
    takenOverFrom: null,
  } as const;
  return { type: 'HoldPlaced', data: { caseId: 'case', ...hold, awaits, placedAt: at } };
}

function answered(holdId: string, clearanceIds: readonly string[]): HoldLedgerEvent {
  return {
    type: 'HaltAcknowledgementNoted',
    data: { gate: OWN, holdId, clearanceIds, outcome: 'VOIDED', notedAt: at },
  };
}

describe('what holds wait for at the own gate', () => {
  const [first, second] = ['1', '2'].map((clearanceId) => ({ gate: OWN, clearanceId, count })) as [never, never];
  const elsewhere = { gate: 'cr-returns', clearanceId: '3', count };
  const unknown = { gate: OWN, clearanceId: null, count };
  const of = (...events: HoldLedgerEvent[]) => haltsOfOwnGate(fold(holdLedgerDecider, events), OWN);

  it('S1 is each clearance that it has not answered for, of no other gate', () => {
    expect(of(placed('h1', [first, elsewhere, second, unknown]), placed('h2', [second]))).toEqual([
      { holdId: 'h1', clearanceIds: ['1', '2'], since: at },
      { holdId: 'h2', clearanceIds: ['2'], since: at },
    ]);
    expect(of(placed('h1', [elsewhere, unknown]))).toEqual([]);
    expect(of()).toEqual([]);
  });

  it('S1 is over once it has answered', () => {
    expect(of(placed('h1', [first, second]), answered('h1', ['1']))).toEqual([
      { holdId: 'h1', clearanceIds: ['2'], since: at },
    ]);
    expect(of(placed('h1', [first]), placed('h2', [first]), answered('h1', ['1']))).toEqual([]);
  });
});

describe('what the own gate answers', () => {
  const halt = { holdId: 'h1', clearanceIds: ['1', '2'], since: at };
  const departure = (...clearanceIds: string[]) => ({ departureId: 'd', clearanceIds, departedAt: at });

  it('S3 is that the person left by one of them, or by no clearance at all', () => {
    expect(answerToOwnHalt(halt, [departure('2', '9')])).toEqual({ outcome: 'DEPARTED', departedAt: at });
    expect(answerToOwnHalt(halt, [departure()])).toEqual({ outcome: 'DEPARTED', departedAt: at });
  });

  it('S1 is that nobody leaves otherwise', () => {
    const voided = { outcome: 'VOIDED', departedAt: null };
    expect(answerToOwnHalt({ ...halt, since: '2028-11-22T11:00:00.000Z' }, [departure()])).toEqual(voided);
    expect(answerToOwnHalt(halt, [])).toEqual(voided);
    expect(answerToOwnHalt(halt, [departure('3')])).toEqual(voided);
  });
});
