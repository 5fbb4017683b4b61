import type { ReferralRequestedV2Data, SuccessionOrderedV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { successionProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { CustodyReaction, orderFor } from './custody-reaction.ts';
import { caseOf, react } from './policies.ts';

/** Cases in whose custody, as it is known or was heard of here, the agency was ever named, and cases that it referred here. */
const CONCERNED = `
  SELECT case_id AS "caseId" FROM custody WHERE agencies @> ARRAY[$1::text]
  UNION
  SELECT case_id FROM referral WHERE direction = 'received' AND sender = $1
     AND NOT EXISTS (SELECT FROM custody WHERE custody.case_id = referral.case_id AND term IS NOT NULL)
  ORDER BY 1`;

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
      const { rows } = await transaction.query<{ readonly caseId: string }>(CONCERNED, [from]);
      for (const { caseId } of rows) await new CustodyReaction(context, name, received, caseId).succeed(order);
    },
  };
}

/**
 * An agency whose succession was ordered said, before it was gone, that it has the case that it referred here: its successor
 * has it, as if the order had been heard after the referral. Runs after the referral was received.
 */
export function whenReferralOfAgencyThatIsGoneThenTakeCustody(context: NodeContext): Policy {
  const name = 'when-referral-of-agency-that-is-gone-then-take-custody';
  return {
    name,
    on: 'ReferralRequested',
    async react(event, transaction) {
      const { sender, receiver, custodyTerm } = event.payload.data as unknown as ReferralRequestedV2Data;
      if (receiver !== context.agencyId || custodyTerm === null) return;
      const order = await orderFor(context, sender, transaction);
      if (order === null) return;
      const caseId = caseOf(event);
      await new CustodyReaction(context, name, { event, transaction }, caseId).succeed(order);
    },
  };
}
