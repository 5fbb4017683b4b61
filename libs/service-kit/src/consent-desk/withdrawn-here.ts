import type { ConsentRegister } from '@acogida/referral';
import type { CommandContext } from '../http/command-context.ts';

/** Injection token of what a service ends of its own when a consent is withdrawn at its desk; none by default. */
export const WITHDRAWN_HERE = Symbol('acogida.withdrawn-here');

/** A withdrawal that was lodged at this agency's consent desk. */
export interface WithdrawalHere {
  readonly caseId: string;
  /** Null: every consent of the case. */
  readonly consentId: string | null;
  /** As it was before. */
  readonly register: ConsentRegister;
  readonly context: CommandContext;
}

/** Ends what rests on a withdrawn consent beside referrals. Called again when the request is repeated; then it must do nothing. */
export interface WithdrawnHere {
  end(withdrawal: WithdrawalHere): Promise<void>;
}
