import type { SuccessionOrderedV1Data } from '@acogida/contracts';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { type CustodyState, custodyProcedure, referralProcedure, successionProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { react } from './policies.ts';

interface Received {
  readonly event: ReceivedEvent;
  readonly transaction: Transaction;
}

/** Cases whose custody names the agency, and cases that it referred here and of whose custody nothing else is known. */
const CONCERNED = `
  SELECT case_id AS "caseId", NULL::uuid AS "referralId" FROM custody WHERE agencies @> ARRAY[$1::text]
  UNION ALL
  (SELECT DISTINCT ON (case_id) case_id, referral_id FROM referral
    WHERE direction = 'received' AND sender = $1
      AND NOT EXISTS (SELECT FROM custody WHERE custody.case_id = referral.case_id)
    ORDER BY case_id, requested_at DESC)
  ORDER BY 1`;

interface Concerned {
  readonly caseId: string;
  readonly referralId: string | null;
}

/**
 * The roots order that an agency that is gone is succeeded by another (architecture.md §6): in every case that this node knows
 * of, the successor takes the next term, and what the agency gave away after its last good number is void. That the order is
 * the roots' is judged where statements of trust are taken in, in the same transaction: one that does not hold has no effect.
 */
export function whenSuccessionOrderedThenTakeCustody(context: NodeContext): Policy {
  const name = 'when-succession-ordered-then-take-custody';
  return {
    name,
    on: 'SuccessionOrdered',
    async react(event, transaction) {
      const { statement } = event.payload.data as unknown as SuccessionOrderedV1Data;
      const { agency: from, successor, lastGoodNumber } = statement;
      const at = new Date(event.payload.occurredAt).toISOString();
      const order = { from, successor, lastGoodNumber, at };
      const received = { event, transaction };
      await react(context, name, received, successionProcedure, from, { type: 'NoteSuccession', ...order });
      const { rows } = await transaction.query<Concerned>(CONCERNED, [from]);
      for (const { caseId, referralId } of rows) {
        const heldTerm = referralId === null ? null : await heldTermOf(context, referralId, transaction);
        const record = { type: 'RecordSuccession', caseId, heldTerm, ...order } as const;
        const custody = await react(context, name, received, custodyProcedure, caseId, record);
        await settleSuccessions(context, name, received, custody);
      }
    },
  };
}

/** Under which term the sender said that it had the case. */
async function heldTermOf(
  { handler }: NodeContext,
  referralId: string,
  transaction: Transaction,
): Promise<number | null> {
  const { state } = await handler.load(referralProcedure, referralId, transaction);
  return state?.request.custodyTerm ?? null;
}

/**
 * Lets the orders that were heard before count in a custody that has just changed: for whoever gave the case, and for whoever
 * has it now, until nobody who is gone has it.
 */
export async function settleSuccessions(
  context: NodeContext,
  policy: string,
  received: Received,
  changed: CustodyState,
): Promise<void> {
  let custody = changed;
  const asked = new Set<string>();
  for (;;) {
    const next = [custody?.from ?? null, custody?.holder ?? null].find(
      (agency) => agency !== null && !asked.has(agency),
    );
    if (custody === null || next === undefined || next === null) return;
    asked.add(next);
    const { state: order } = await context.handler.load(successionProcedure, next, received.transaction);
    if (order === null) continue;
    const { caseId } = custody;
    const record = { type: 'RecordSuccession', caseId, heldTerm: null, ...order } as const;
    custody = await react(context, policy, received, custodyProcedure, caseId, record);
  }
}
