import type { Clock, Ids } from '@acogida/core';
import type { RecoveryGate } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import type pg from 'pg';
import { keyTurn, type KeyTurn } from '../case-keys/key-turn.ts';
import { removeAgain } from '../case-keys/lost-removals.ts';
import { offerKeysProcedure } from '../case-keys/procedures.ts';
import { createProcedureHandler } from '../procedure-runner.ts';
import type { NodeCaseKeys } from './assemble-case-keys.ts';
import { contextOf, type Made } from './sealing-of-node.ts';

const HAS_RECOVERED = `
  SELECT EXISTS (
    SELECT FROM relay.recovery AS done
     WHERE done.finished_at IS NOT NULL AND NOT EXISTS (
       SELECT FROM es.event AS said
        WHERE said.stream = $1 AND said.type = $2 AND said.recorded_at::timestamptz >= done.finished_at)
  ) AS "hasRecovered"`;

/** Whether the database was an older copy, and nobody has said this on the stream since it has its own events back. */
export async function hasRecoveredSince(pool: Pick<pg.Pool, 'query'>, stream: string, type: string): Promise<boolean> {
  const { rows } = await pool.query<{ hasRecovered: boolean }>(HAS_RECOVERED, [stream, type]);
  return rows[0]?.hasRecovered === true;
}

/** What is done with after a comparison. */
export interface AfterComparingParts {
  readonly agencyId: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Asked once the node is made. */
  readonly made: Made;
}

/**
 * What a node with keys of cases does once its own topic was compared with its database: publishes the offer keys that are due,
 * or all anew once after a restore, whichever process does so, and shuts out again whom it had shut out in a life that a restore lost, before anything is sealed for them. Both pass by the
 * recovery gate: others seal to offer keys that went with the database until there is a new one, and what makes a circle smaller
 * waits for nobody.
 */
export function afterComparing(
  caseKeys: NodeCaseKeys | null,
  parts: AfterComparingParts,
): (recovery: Pick<RecoveryGate, 'lostOf'>) => Promise<void> {
  return async (recovery) => {
    if (caseKeys === null) return;
    const { agencyId, pool, clock, ids, made } = parts;
    if (made.store === undefined) throw new Error('the node is not made yet');
    const node = { ...contextOf(made), handler: createProcedureHandler(made.store) };
    const offerKeys = `${offerKeysProcedure.name}-${agencyId}`;
    const hasRecovered = await hasRecoveredSince(pool, offerKeys, 'OfferKeyPublished');
    await caseKeys.onCompared({ node, hasRecovered });
    const lost = await recovery.lostOf('MemberRemoved');
    if (lost.length === 0) return;
    const { sealing, circles } = caseKeys;
    const inTurn = (work: (turn: KeyTurn) => Promise<void>): Promise<void> => {
      const metadata = { actor: `${agencyId}.recovery`, correlationId: ids.uuid(), causation: null };
      return inTransaction(pool, (transaction) => work(keyTurn(node, transaction, clock.now(), metadata)));
    };
    const removed = await removeAgain(lost, { agencyId, sealing, circles, inTurn });
    if (removed > 0) made.onEffect?.();
  };
}
