import type { FulfilmentStatus, FulfilmentStep, RequestStatus } from './merge-table.ts';

/**
 * What becomes of a step: `advance` it happens; `nothing` it is already covered; `same` nothing when its content equals what
 * is known, else it is refused; `renew` nothing when its content equals what is known, else it happens; `ordered` by the
 * count of holds; any other value is the code it is refused with.
 */
export type StepOutcome = 'advance' | 'nothing' | 'same' | 'renew' | 'ordered' | `REFERRAL.${string}`;

type FulfilmentTable = Readonly<Record<FulfilmentStatus, Readonly<Record<FulfilmentStep, StepOutcome>>>>;

const NOT_ACKNOWLEDGED = 'REFERRAL.NOT_ACKNOWLEDGED';
const NOT_ACCEPTED = 'REFERRAL.NOT_ACCEPTED';
const NOT_ON_HOLD = 'REFERRAL.NOT_ON_HOLD';
const ACCEPTED = 'REFERRAL.ALREADY_ACCEPTED';
const COMPLETED = 'REFERRAL.ALREADY_COMPLETED';
const REJECTED = 'REFERRAL.ALREADY_REJECTED';
const FAILED = 'REFERRAL.ALREADY_FAILED';
const CONTRADICTION = 'REFERRAL.CONTRADICTION';

function row(
  ...[ACKNOWLEDGE, HOLD, RESUME, ACCEPT, REJECT, START, COMPLETE, FAIL]: readonly [
    StepOutcome,
    StepOutcome,
    StepOutcome,
    StepOutcome,
    StepOutcome,
    StepOutcome,
    StepOutcome,
    StepOutcome,
  ]
): Readonly<Record<FulfilmentStep, StepOutcome>> {
  return { ACKNOWLEDGE, HOLD, RESUME, ACCEPT, REJECT, START, COMPLETE, FAIL };
}

/**
 * The receiver's own steps while the request stands. Accepting needs an acknowledgement, rejecting does not: a misdirected
 * request bounces at once. A hold may be changed; it is over with the decision, also without having been resumed.
 */
// prettier-ignore
export const FULFILMENT_TABLE: FulfilmentTable = {
  //                acknowledge  hold              resume       accept            reject            start         complete      fail
  NONE:         row('advance', NOT_ACKNOWLEDGED, NOT_ON_HOLD, NOT_ACKNOWLEDGED, 'advance',        NOT_ACCEPTED, NOT_ACCEPTED, NOT_ACCEPTED),
  ACKNOWLEDGED: row('nothing', 'advance',        'nothing',   'advance',        'advance',        NOT_ACCEPTED, NOT_ACCEPTED, NOT_ACCEPTED),
  ON_HOLD:      row('nothing', 'renew',          'advance',   'advance',        'advance',        NOT_ACCEPTED, NOT_ACCEPTED, NOT_ACCEPTED),
  ACCEPTED:     row('nothing', ACCEPTED,         ACCEPTED,    'nothing',        ACCEPTED,         'advance',    'advance',    'advance'),
  IN_PROGRESS:  row('nothing', ACCEPTED,         ACCEPTED,    'nothing',        ACCEPTED,         'nothing',    'advance',    'advance'),
  COMPLETED:    row('nothing', COMPLETED,        COMPLETED,   'nothing',        COMPLETED,        'nothing',    'same',       COMPLETED),
  REJECTED:     row('nothing', REJECTED,         REJECTED,    REJECTED,         'same',           REJECTED,     REJECTED,     REJECTED),
  FAILED:       row('nothing', FAILED,           FAILED,      'nothing',        FAILED,           'nothing',    FAILED,       'same'),
};

/**
 * What the sender hears of those steps. A later step covers earlier ones that were not heard (a gap in the lane), so a late
 * or repeated earlier step changes nothing; two answers that exclude each other are a contradiction to be shown.
 */
// prettier-ignore
export const NOTING_TABLE: FulfilmentTable = {
  //                acknowledge  hold       resume     accept         reject         start          complete       fail
  NONE:         row('advance', 'ordered', 'ordered', 'advance',     'advance',     'advance',     'advance',     'advance'),
  ACKNOWLEDGED: row('nothing', 'ordered', 'ordered', 'advance',     'advance',     'advance',     'advance',     'advance'),
  ON_HOLD:      row('nothing', 'ordered', 'ordered', 'advance',     'advance',     'advance',     'advance',     'advance'),
  ACCEPTED:     row('nothing', 'nothing', 'nothing', 'nothing',     CONTRADICTION, 'advance',     'advance',     'advance'),
  IN_PROGRESS:  row('nothing', 'nothing', 'nothing', 'nothing',     CONTRADICTION, 'nothing',     'advance',     'advance'),
  COMPLETED:    row('nothing', 'nothing', 'nothing', 'nothing',     CONTRADICTION, 'nothing',     'same',        CONTRADICTION),
  REJECTED:     row('nothing', 'nothing', 'nothing', CONTRADICTION, 'same',        CONTRADICTION, CONTRADICTION, CONTRADICTION),
  FAILED:       row('nothing', 'nothing', 'nothing', 'nothing',     CONTRADICTION, 'nothing',     CONTRADICTION, 'same'),
};

/** How a sender ends its request. */
export const ENDINGS = ['EXPIRE', 'CANCEL', 'MARK_IN_ERROR', 'CLOSE_LOOP'] as const;
/** One of `ENDINGS`. */
export type Ending = (typeof ENDINGS)[number];

/** What the receiver hears of that. A request that expired may still be cancelled or closed, never the other way round. */
// prettier-ignore
export const ENDING_TABLE: Readonly<Record<RequestStatus, Readonly<Record<Ending, StepOutcome>>>> = {
  DRAFT:            { EXPIRE: CONTRADICTION, CANCEL: CONTRADICTION, MARK_IN_ERROR: CONTRADICTION, CLOSE_LOOP: CONTRADICTION },
  REQUESTED:        { EXPIRE: 'advance',     CANCEL: 'advance',     MARK_IN_ERROR: 'advance',     CLOSE_LOOP: 'advance' },
  EXPIRED:          { EXPIRE: 'nothing',     CANCEL: 'advance',     MARK_IN_ERROR: 'advance',     CLOSE_LOOP: 'advance' },
  CANCELLED:        { EXPIRE: 'nothing',     CANCEL: 'same',        MARK_IN_ERROR: CONTRADICTION, CLOSE_LOOP: CONTRADICTION },
  ENTERED_IN_ERROR: { EXPIRE: 'nothing',     CANCEL: CONTRADICTION, MARK_IN_ERROR: 'same',        CLOSE_LOOP: CONTRADICTION },
  LOOP_CLOSED:      { EXPIRE: 'nothing',     CANCEL: CONTRADICTION, MARK_IN_ERROR: CONTRADICTION, CLOSE_LOOP: 'same' },
};
