import type { ReferralStatus } from './referral.ts';

/** What a receiver does with a referral. */
export type FulfilmentStep = 'ACKNOWLEDGE' | 'ACCEPT' | 'REJECT' | 'COMPLETE';

/**
 * What becomes of a step: `advance` it happens; `nothing` it is already covered; `same` nothing when its content equals
 * what is known, else it is refused; any other value is the code it is refused with.
 */
export type Merge = 'advance' | 'nothing' | 'same' | `REFERRAL.${string}`;

type Table = Readonly<Record<ReferralStatus, Readonly<Record<FulfilmentStep, Merge>>>>;

/** The receiver's own steps. Accepting needs an acknowledgement, rejecting does not: a misdirected request bounces at once. */
export const FULFILMENT_TABLE: Table = {
  REQUESTED: {
    ACKNOWLEDGE: 'advance',
    ACCEPT: 'REFERRAL.NOT_ACKNOWLEDGED',
    REJECT: 'advance',
    COMPLETE: 'REFERRAL.NOT_ACCEPTED',
  },
  ACKNOWLEDGED: { ACKNOWLEDGE: 'nothing', ACCEPT: 'advance', REJECT: 'advance', COMPLETE: 'REFERRAL.NOT_ACCEPTED' },
  ACCEPTED: { ACKNOWLEDGE: 'nothing', ACCEPT: 'nothing', REJECT: 'REFERRAL.ALREADY_ACCEPTED', COMPLETE: 'advance' },
  REJECTED: {
    ACKNOWLEDGE: 'nothing',
    ACCEPT: 'REFERRAL.ALREADY_REJECTED',
    REJECT: 'same',
    COMPLETE: 'REFERRAL.ALREADY_REJECTED',
  },
  COMPLETED: { ACKNOWLEDGE: 'nothing', ACCEPT: 'nothing', REJECT: 'REFERRAL.ALREADY_COMPLETED', COMPLETE: 'same' },
};

/**
 * What the sender hears of those steps. A later step covers earlier ones that were not heard (a gap in the lane), so a late
 * or repeated earlier step changes nothing; two answers that exclude each other are a contradiction to be shown.
 */
export const NOTING_TABLE: Table = {
  REQUESTED: { ACKNOWLEDGE: 'advance', ACCEPT: 'advance', REJECT: 'advance', COMPLETE: 'advance' },
  ACKNOWLEDGED: { ACKNOWLEDGE: 'nothing', ACCEPT: 'advance', REJECT: 'advance', COMPLETE: 'advance' },
  ACCEPTED: { ACKNOWLEDGE: 'nothing', ACCEPT: 'nothing', REJECT: 'REFERRAL.CONTRADICTION', COMPLETE: 'advance' },
  REJECTED: {
    ACKNOWLEDGE: 'nothing',
    ACCEPT: 'REFERRAL.CONTRADICTION',
    REJECT: 'same',
    COMPLETE: 'REFERRAL.CONTRADICTION',
  },
  COMPLETED: { ACKNOWLEDGE: 'nothing', ACCEPT: 'nothing', REJECT: 'REFERRAL.CONTRADICTION', COMPLETE: 'same' },
};
