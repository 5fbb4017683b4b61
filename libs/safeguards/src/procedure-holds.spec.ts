import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { commandsOfChanges, type HoldChange, type StepActing } from './procedure-holds.ts';

const { at, caseId, GRANTED, holdId, placed, PROTECTED, reads, REFUGE } = examples;
const [ANA, BEA] = ['cr-refugee-unit.ana', 'cr-refugee-unit.bea'];

/** Of the second kind here; each time that it is placed again it is another. */
const idOf = (kind: string, occasion: number): string => (occasion === 0 ? `hold of ${kind}` : `${kind} ${occasion}`);

const ACTING: StepActing = {
  ...{ by: REFUGE, reading: reads(1_000), now: at, caseId, groundId: 'ground', unawareGates: [], unknownLeases: null },
  mandate: ['ASYLUM_INTENT', 'ASYLUM_PENDING', 'APPEAL_OPEN', 'NEEDS_NOT_ASSESSED', 'TRAFFICKING_SCREENING'],
  ...{ subject: ANA, mayLift: true, holdIdOf: idOf },
};
const NOBODY: StepActing = { ...ACTING, mayLift: false };

/** The events of a step, each command on what those before it did. */
function step(
  history: readonly HoldLedgerEvent[],
  changes: readonly HoldChange[],
  acting: StepActing = ACTING,
): readonly HoldLedgerEvent[] {
  let ledger = fold(holdLedgerDecider, history);
  return commandsOfChanges(changes, ledger, acting).flatMap((command) => {
    const events = holdLedgerDecider.decide(command, ledger);
    ledger = events.reduce(holdLedgerDecider.evolve, ledger);
    return events;
  });
}

const typesOf = (events: readonly HoldLedgerEvent[]): readonly string[] => events.map(({ type }) => type);
const INTENT: HoldChange = { change: 'PLACE', kind: 'ASYLUM_INTENT', insteadOf: null };
const PENDING: HoldChange = { change: 'PLACE', kind: 'ASYLUM_PENDING', insteadOf: 'ASYLUM_INTENT' };
const ASSESSED: HoldChange = {
  ...{ change: 'LIFT', kind: 'NEEDS_NOT_ASSESSED', reason: 'NEEDS_ASSESSED', reviewedBy: null },
};
const RECORDED: Extract<HoldChange, { change: 'LIFT' }> = {
  ...{ change: 'LIFT', kind: 'TRAFFICKING_SCREENING', reason: 'OUTCOME_RECORDED', reviewedBy: null },
};
const NEEDS = placed({ holdId: idOf('NEEDS_NOT_ASSESSED', 0), kind: 'NEEDS_NOT_ASSESSED' });
const SCREENING = placed({ holdId: idOf('TRAFFICKING_SCREENING', 0), kind: 'TRAFFICKING_SCREENING' });

describe('a step that places a hold', () => {
  it('INV-02 places it with the id that follows from the procedure, whoever acts', () => {
    const first = placed({ holdId: idOf('ASYLUM_INTENT', 0), groundId: 'ground', placedBy: ANA });
    const isProtected = { ...PROTECTED, data: { ...PROTECTED.data, holdId: first.data.holdId } };
    for (const acting of [ACTING, NOBODY]) expect(step([], [INTENT], acting)).toEqual([first, isProtected]);
  });

  it('S4 places it though a clearance is out, and waits for that', () => {
    const [first, ...rest] = step([GRANTED], [INTENT]);
    expect(first).toMatchObject({ type: 'HoldPlaced', data: { awaits: [examples.AWAITED] } });
    expect(typesOf(rest)).toEqual(['HaltOrdered']);
  });

  it('does nothing when it comes again', () => {
    expect(step(step([], [INTENT]), [INTENT])).toEqual([]);
  });

  it('gives a hold that is placed again after its lifting an id of its own: halts are answered by it', () => {
    const once = step([], [INTENT]);
    const lift = {
      holdId: idOf('ASYLUM_INTENT', 0),
      reason: 'INFORMED_WAIVER',
      liftedBy: BEA,
      proposedBy: ANA,
    } as const;
    const history: HoldLedgerEvent[] = [
      ...once,
      { type: 'HoldLifted', data: { ...lift, replacedBy: null, liftedAt: at } },
    ];
    const again = step(history, [INTENT]);
    expect(again[0]).toMatchObject({ type: 'HoldPlaced', data: { holdId: idOf('ASYLUM_INTENT', 1) } });
    expect(step([...history, ...again], [INTENT])).toEqual([]);
  });

  it('INV-02 lets an open hold become it, whoever placed that, and leaves no moment without one', () => {
    const other = placed({ holdId: 'another intent' });
    const events = step([placed(), PROTECTED, other], [PENDING]);
    expect(typesOf(events)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldProtected', 'HoldLifted', 'HoldLifted']);
    const lifted = events.flatMap((event) => (event.type === 'HoldLifted' ? [event.data] : []));
    const becomes = { reason: 'APPLICATION_LODGED', liftedBy: ANA, proposedBy: null, liftedAt: at };
    expect(lifted).toEqual(
      [holdId, 'another intent'].map((id) => ({ holdId: id, ...becomes, replacedBy: idOf('ASYLUM_PENDING', 0) })),
    );
  });

  it('INV-01 lifts nothing by whoever may not: both stand', () => {
    expect(typesOf(step([placed(), PROTECTED], [PENDING], NOBODY))).toEqual(['HoldPlaced', 'HoldProtected']);
  });

  it('is not refused for a hold that cannot become it, nor for one of another owner', () => {
    const appeal: HoldChange = { ...PENDING, kind: 'NEEDS_NOT_ASSESSED' };
    expect(typesOf(step([placed(), PROTECTED], [appeal]))).toEqual(['HoldPlaced', 'HoldProtected']);
    expect(typesOf(step([placed({ owner: 'cr-conatt' }), PROTECTED], [PENDING]))).toEqual([
      ...['HoldPlaced', 'HoldProtected'],
    ]);
  });
});

describe('a step that lifts a hold', () => {
  it('INV-01 lifts it where one officer is enough, once, and by nobody else', () => {
    const data = { holdId: NEEDS.data.holdId, reason: 'NEEDS_ASSESSED', liftedBy: ANA } as const;
    const lifted = { type: 'HoldLifted', data: { ...data, proposedBy: null, replacedBy: null, liftedAt: at } } as const;
    expect(step([NEEDS], [ASSESSED])).toEqual([lifted]);
    expect(step([NEEDS, lifted], [ASSESSED])).toEqual([]);
    expect(step([NEEDS], [ASSESSED], NOBODY)).toEqual([]);
  });

  it('lifts no hold that an officer placed by hand, nor for a reason that is not of its kind', () => {
    expect(step([placed({ kind: 'NEEDS_NOT_ASSESSED' })], [ASSESSED])).toEqual([]);
    expect(step([NEEDS], [{ ...RECORDED, kind: 'NEEDS_NOT_ASSESSED' }])).toEqual([]);
  });

  it('proposes it where two officers are needed', () => {
    const proposal = { holdId: SCREENING.data.holdId, reason: 'OUTCOME_RECORDED', proposedBy: ANA, proposedAt: at };
    expect(step([SCREENING], [RECORDED])).toEqual([{ type: 'HoldLiftProposed', data: proposal }]);
    expect(step([SCREENING], [{ ...RECORDED, reviewedBy: ANA }])).toEqual([
      { type: 'HoldLiftProposed', data: proposal },
    ]);
  });

  it('lifts it where another officer has agreed to the step beforehand', () => {
    const events = step([SCREENING], [{ ...RECORDED, reviewedBy: BEA }]);
    expect(typesOf(events)).toEqual(['HoldLiftProposed', 'HoldLifted']);
    expect(events[1]).toMatchObject({ data: { liftedBy: ANA, proposedBy: BEA, reason: 'OUTCOME_RECORDED' } });
  });
});
