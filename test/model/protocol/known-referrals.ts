import type { MemoryDatabase } from '@acogida/event-store';
import { type Referral, referralProcedure } from '@acogida/referral';
import type { MembershipLookups } from '@acogida/service-kit';

const STREAMS = `${referralProcedure.name}-`;

/** The referrals of a case that a node knows, among its streams: it has few. Read from a table elsewhere (`referralsOfCase`). */
export function referralsIn(database: MemoryDatabase): Required<MembershipLookups>['referralsOf'] {
  return async ({ node, transaction }, caseId) => {
    const known: Referral[] = [];
    for (const stream of database.table('es.stream').rows(transaction).keys()) {
      if (!stream.startsWith(STREAMS)) continue;
      const { state } = await node.handler.load(referralProcedure, stream.slice(STREAMS.length), transaction);
      if (state?.request.caseId === caseId) known.push(state);
    }
    return known;
  };
}
