import { describe, expect, it } from '@jest/globals';
import { HOLD_LIFT_REASONS, REMOVAL_HOLDS } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import { HOLD_RULES, isLiftedFor, needsSecondOfficer } from './hold-rules.ts';
import * as examples from './ledger-examples.ts';

const { at, AWAITED, BORDER, GRANTED, HALTED, holdId, PLACE, placed, PROTECTED, reads, REFUGE } = examples;
const { given } = decides(holdLedgerDecider);

const [ANA, BEA] = ['cr-refugee-unit.ana', 'cr-refugee-unit.bea'];
const acting = { by: REFUGE, reading: reads(2_000), now: at };
const LIFT: HoldLedgerCommandOf<'LiftHold'> = {
  ...{ type: 'LiftHold', ...acting, holdId, reason: 'WINDOW_LAPSED', officer: ANA },
};
const PROPOSE: HoldLedgerCommandOf<'ProposeLift'> = { ...LIFT, type: 'ProposeLift', reason: 'INFORMED_WAIVER' };
const CONFIRM: HoldLedgerCommandOf<'ConfirmLift'> = {
  ...{ ...LIFT, type: 'ConfirmLift', reason: 'INFORMED_WAIVER', officer: BEA },
};

const proposed: HoldLedgerEvent = {
  type: 'HoldLiftProposed',
  data: { holdId, reason: 'INFORMED_WAIVER', proposedBy: ANA, proposedAt: at },
};
type Lifted = Extract<HoldLedgerEvent, { readonly type: 'HoldLifted' }>;
const lifted = (change: Partial<Lifted['data']>): Lifted => ({
  type: 'HoldLifted',
  data: {
    ...{ holdId, reason: 'WINDOW_LAPSED', liftedBy: ANA, proposedBy: null, replacedBy: null, liftedAt: at },
    ...change,
  },
});
const APPEAL = placed({ kind: 'APPEAL_OPEN' });

describe('LiftHold', () => {
  it('lifts for a reason of its kind, once', () => {
    given(APPEAL, PROTECTED).when(LIFT).then(lifted({}));
    given(APPEAL, PROTECTED, lifted({})).when(LIFT).thenNothing();
  });

  it('lifts a hold that nobody is protected by yet: it stands against nothing any more', () => {
    given(GRANTED, placed({ kind: 'APPEAL_OPEN', awaits: [AWAITED] }), HALTED)
      .when(LIFT)
      .then(lifted({}));
  });

  it('is refused to anybody but the owner, for another’s reason, and for a hold that is not here', () => {
    given(APPEAL)
      .when({ ...LIFT, by: BORDER })
      .thenRefused('HOLD.NOT_ITS_AUTHORITY');
    given(APPEAL)
      .when({ ...LIFT, reason: 'GUARDIAN_APPOINTED' })
      .thenRefused('HOLD.REASON_NOT_OF_KIND');
    given().when(LIFT).thenRefused('HOLD.UNKNOWN');
  });
});

describe('four eyes', () => {
  it('are wanted for H-02, H-03, H-07 and H-10, and for what was placed in error', () => {
    const wanted = REMOVAL_HOLDS.filter((kind) => needsSecondOfficer(kind, 'OUTCOME_RECORDED'));
    expect(wanted.map((kind) => HOLD_RULES[kind].number)).toEqual(['H-02', 'H-03', 'H-07', 'H-10']);
    expect(REMOVAL_HOLDS.every((kind) => needsSecondOfficer(kind, 'PLACED_IN_ERROR'))).toBe(true);
    expect(needsSecondOfficer(null, 'ORDER_ENDED')).toBe(true);
    expect(needsSecondOfficer('CHILD_NO_GUARDIAN', 'OF_AGE')).toBe(true);
    expect(needsSecondOfficer('CHILD_NO_GUARDIAN', 'GUARDIAN_APPOINTED')).toBe(false);
  });

  it('refuse one officer alone', () => {
    given(placed())
      .when({ ...LIFT, reason: 'INFORMED_WAIVER' })
      .thenRefused('HOLD.SECOND_OFFICER');
    given(APPEAL)
      .when({ ...LIFT, reason: 'PLACED_IN_ERROR' })
      .thenRefused('HOLD.SECOND_OFFICER');
  });

  it('lift what one officer proposed and another confirmed', () => {
    given(placed()).when(PROPOSE).then(proposed);
    given(placed(), proposed).when(PROPOSE).thenNothing();
    given(placed(), proposed)
      .when(CONFIRM)
      .then(lifted({ reason: 'INFORMED_WAIVER', liftedBy: BEA, proposedBy: ANA }));
  });

  it('refuse whoever proposed it, another reason, and what nobody proposed', () => {
    given(placed(), proposed)
      .when({ ...CONFIRM, officer: ANA })
      .thenRefused('HOLD.SAME_OFFICER');
    given(placed(), proposed)
      .when({ ...CONFIRM, reason: 'PLACED_IN_ERROR' })
      .thenRefused('HOLD.NOT_PROPOSED');
    given(placed()).when(CONFIRM).thenRefused('HOLD.NOT_PROPOSED');
  });

  it('leave a hold that was declined, and ask again', () => {
    const declined: HoldLedgerEvent = {
      type: 'HoldLiftDeclined',
      data: { holdId, declinedBy: BEA, declinedAt: at },
    };
    given(placed(), proposed)
      .when({ type: 'DeclineLift', ...acting, holdId, officer: BEA })
      .then(declined);
    given(placed(), proposed, declined)
      .when({ type: 'DeclineLift', ...acting, holdId, officer: BEA })
      .thenNothing();
    given(placed(), proposed, declined).when(CONFIRM).thenRefused('HOLD.NOT_PROPOSED');
  });

  it('are of the hold that was proposed: placed again, it has to be proposed again', () => {
    given(placed(), proposed, lifted({}), placed()).when(CONFIRM).thenRefused('HOLD.NOT_PROPOSED');
  });
});

describe('ReplaceHold', () => {
  const nextId = '22222222-3c41-4a58-9b75-6b1f4e0b9c77';
  const REPLACE: HoldLedgerCommandOf<'ReplaceHold'> = {
    ...{ ...PLACE, type: 'ReplaceHold', replacesHoldId: holdId, holdId: nextId, kind: 'ASYLUM_PENDING' },
  };
  const next = placed({ holdId: nextId, kind: 'ASYLUM_PENDING' });
  const nextProtected: HoldLedgerEvent = {
    type: 'HoldProtected',
    data: { holdId: nextId, basis: 'NO_LEASE', protectedAt: at },
  };
  const replaced = lifted({ reason: 'APPLICATION_LODGED', liftedBy: PLACE.placedBy, replacedBy: nextId });

  it('H-02 becomes H-03 in one step, without a moment in between', () => {
    given(placed(), PROTECTED).when(REPLACE).then(next, nextProtected, replaced);
    given(placed(), PROTECTED, next, nextProtected, replaced).when(REPLACE).thenNothing();
  });

  it('leaves a protected hold until the one that follows is protected as well', () => {
    const unaware = { gate: BORDER, clearanceId: null, count: null };
    const halted = { holdId: nextId, gate: BORDER, clearanceIds: [], orderedAt: at };
    given(placed(), PROTECTED)
      .when({ ...REPLACE, unawareGates: [BORDER] })
      .then(placed({ holdId: nextId, kind: 'ASYLUM_PENDING', awaits: [unaware] }), {
        type: 'HaltOrdered',
        data: halted,
      });
    given(placed(), PROTECTED, next, nextProtected).when(REPLACE).then(replaced);
  });

  it('is refused for what a hold does not become, and to anybody but its owner', () => {
    given(placed())
      .when({ ...REPLACE, kind: 'APPEAL_OPEN' })
      .thenRefused('HOLD.DOES_NOT_BECOME');
    given(placed())
      .when({ ...REPLACE, by: BORDER })
      .thenRefused('HOLD.NOT_ITS_AUTHORITY');
  });
});

describe('the seventeen holds', () => {
  it('are numbered as in domain.md §1.5, and each is lifted for something', () => {
    const numbers = REMOVAL_HOLDS.map((kind) => HOLD_RULES[kind].number);
    expect(numbers).toEqual(Array.from({ length: 17 }, (_, index) => `H-${String(index + 1).padStart(2, '0')}`));
    for (const kind of REMOVAL_HOLDS) expect(HOLD_RULES[kind].liftedFor.length).toBeGreaterThan(0);
  });

  it('are lifted for their own reasons, or placed in error; of unknown kind for any', () => {
    const total = REMOVAL_HOLDS.flatMap((kind) => HOLD_LIFT_REASONS.filter((reason) => isLiftedFor(kind, reason)));
    const own = REMOVAL_HOLDS.flatMap((kind) => HOLD_RULES[kind].liftedFor);
    expect(total).toHaveLength(own.length + REMOVAL_HOLDS.length);
    expect(HOLD_LIFT_REASONS.every((reason) => isLiftedFor(null, reason))).toBe(true);
  });
});
