import type { Instant } from '@acogida/core';
import type { CareStatus, ConsentTie, ReturnDeclineReason, ToldTo, WithdrawalReason } from '@acogida/reference';
import type { ConsentGiven, CounsellingSession, ReturnApplication } from './return-case-events.ts';

interface Command<T extends string> {
  readonly type: T;
  /** When it is recorded; nothing that is told may lie after it. */
  readonly at: Instant;
}

/** Somebody applies to return: from now on H-17 stands. */
export interface SubmitApplication extends Command<'SubmitApplication'>, Omit<ReturnApplication, 'submittedAt'> {}

/** A session with the person about returning and all that they could do instead. */
export interface ProvideCounselling extends Command<'ProvideCounselling'>, CounsellingSession {}

/** The person consents; the cooling-off begins. */
export interface SignConsent extends Command<'SignConsent'>, ConsentGiven {
  /** What the officer found that it depends on; with any of it there is no consent (INV-14). */
  readonly ties: readonly ConsentTie[];
}

/** The cooling-off is over. */
export type EndCoolingOff = Command<'EndCoolingOff'>;

/** An officer establishes that the person still wants it: H-17 is lifted. */
export type ConfirmVoluntariness = Command<'ConfirmVoluntariness'>;

/** The person does not want it any more. Nobody has to say why, nor to tell a certain office. */
export interface WithdrawConsent extends Command<'WithdrawConsent'> {
  readonly toldTo: ToldTo;
  readonly reason: WithdrawalReason;
}

/** The consent is not current any more. */
export type ExpireConsent = Command<'ExpireConsent'>;

/** Another agency identified the person as a child. */
export interface NoteChild extends Command<'NoteChild'> {
  readonly careStatus: CareStatus;
}

/** The return may be prepared; holds of all authorities are asked for at the gate. */
export type ApproveReturn = Command<'ApproveReturn'>;

/** There will be no return by this case. */
export interface DeclineReturn extends Command<'DeclineReturn'> {
  readonly reason: ReturnDeclineReason;
}

/** The person boards, under a warrant of the gate. */
export interface ConfirmDeparture extends Command<'ConfirmDeparture'> {
  readonly departureId: string;
}

/** The person is still there. */
export interface TakeBackDeparture extends Command<'TakeBackDeparture'> {
  readonly departureId: string;
}

/** Everything that can be asked of one return case so far (domain.md §2.6). */
export type ReturnCaseCommand =
  | SubmitApplication
  | ProvideCounselling
  | SignConsent
  | EndCoolingOff
  | ConfirmVoluntariness
  | WithdrawConsent
  | ExpireConsent
  | NoteChild
  | ApproveReturn
  | DeclineReturn
  | ConfirmDeparture
  | TakeBackDeparture;
