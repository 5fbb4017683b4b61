import { DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { endingWithoutConsent, type ReferralCommand, referralProcedure } from '@acogida/referral';
import { fallenConsent } from '../egress/stated-consent.ts';
import type { NodeContext } from '../node-definition.ts';

/** Where referrals of a case are looked up: the transaction of a policy, or the node's pool. */
export interface ReferralLookup {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly { readonly referral_id: string }[] }>;
}

/** What stops with a withdrawal, and by whom. */
export interface Stopping {
  readonly lookup: ReferralLookup;
  /** In which it happens; each referral alone when left out. */
  readonly transaction?: Transaction;
  /** Token subject, or `<agency>.<policy>`. */
  readonly run: (referralId: string, command: ReferralCommand) => Promise<unknown>;
}

/**
 * Ends the referrals of a case that rest on a withdrawn consent, as far as they are open on this side: what this agency sent
 * is taken back, what it received is returned, or failed if it was begun (domain.md §1.3). Run again it does nothing. Both
 * agencies of a referral do this of themselves, so what one of them cannot do, the other ends.
 */
export async function endReferralsWithoutConsent(node: NodeContext, caseId: string, stopping: Stopping): Promise<void> {
  const { rows } = await stopping.lookup.query('SELECT referral_id FROM referral WHERE case_id = $1 ORDER BY 1', [
    caseId,
  ]);
  for (const { referral_id: referralId } of rows) await endWithoutConsent(node, referralId, stopping);
}

/** The same for one referral. */
export async function endWithoutConsent(
  node: NodeContext,
  referralId: string,
  { transaction, run }: Pick<Stopping, 'transaction' | 'run'>,
): Promise<void> {
  const { state } = await node.handler.load(referralProcedure, referralId, transaction);
  if (state === null || (await fallenConsent(node, state, transaction)) !== 'CONSENT.WITHDRAWN') return;
  const command = endingWithoutConsent(state, node.agencyId, node.clock.now());
  if (command === null) return;
  try {
    await run(referralId, command);
  } catch (error) {
    // somebody of the staff ended it in the same moment: within a transaction nobody can
    if (transaction !== undefined || !(error instanceof DomainError)) throw error;
  }
}
