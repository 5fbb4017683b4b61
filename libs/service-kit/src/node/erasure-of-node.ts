import type { Clock } from '@acogida/core';
import type { EventLog } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { holdLedgerProcedure } from '@acogida/safeguards';
import { type KeyStore, systemRandomness } from '@acogida/sealing';
import type { NodeKeys } from '../at-rest/open-keys.ts';
import { introductionRows } from '../case-keys/introductions.ts';
import { answerAfterLegalHold, holdingsOf } from '../consent-desk/answer-after-legal-hold.ts';
import type { DeadlineStore } from '../deadlines/port.ts';
import { directoryViewProjection } from '../directory-view/directory-view-projection.ts';
import { ErasureCare } from '../erasure/erasure-care.ts';
import { hasReadAll } from '../erasure/has-read-all.ts';
import { erasureOrderProjection } from '../erasure/erasure-orders.ts';
import { erasureProcedure } from '../erasure/erasure-procedure.ts';
import {
  sparingErasedCases,
  whenCaseErasedThenNoteReceipt,
  whenErasureOrderedThenNoteIt,
  whenErasurePostponedThenNoteIt,
  whenReferralRequestedThenHeedEarlierOrder,
} from '../erasure/policies.ts';
import { sparingProjection } from '../erasure/sparing-projection.ts';
import { departureObstacles } from '../gate/departure-obstacle.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { openHoldObstacle } from '../safeguards/open-hold-obstacle.ts';
import type { NodeCaseKeys } from './assemble-case-keys.ts';

/** What erasing at a node is made of. */
export interface ErasureParts {
  readonly keys: NodeKeys;
  readonly caseKeys: NodeCaseKeys | null;
  readonly clock: Clock;
  /** The node's database, for what it has read of others. */
  readonly pool: Transaction;
  readonly log: Pick<EventLog, 'end' | 'read'>;
  readonly trust: { others(): readonly string[] };
  /** Asked once the node is made. */
  readonly deadlineStore: () => DeadlineStore;
  /** How long retired offer keys still open, in ms. */
  readonly graceMs: number | undefined;
}

/** Makes what erases cases at a node. */
export function createErasure(definition: NodeDefinition, parts: ErasureParts): ErasureCare {
  const { keys, caseKeys, clock, deadlineStore, graceMs, pool, log, trust } = parts;
  const { procedures, inlineProjections, contractProjections } = definition;
  const holdings = holdingsOf(definition);
  return new ErasureCare({
    ...{ definition, procedures, clock, deadlineStore, graceMs, randomness: systemRandomness },
    projections: [...inlineProjections, directoryViewProjection, introductionRows, ...contractProjections],
    ...{ keyStore: keys.keyStore, ring: keys.ring },
    circles: caseKeys?.circles ?? null,
    obstacles: [
      ...(procedures.includes(holdLedgerProcedure) ? [openHoldObstacle] : []),
      ...departureObstacles(procedures),
    ],
    ...(holdings && { answerWithdrawals: (turn, caseId) => answerAfterLegalHold(turn, caseId, holdings) }),
    offerKeys: caseKeys?.offerKeys ?? null,
    hasReadAll: () => hasReadAll({ database: pool, log, others: () => trust.others() }),
  });
}

/** With what every node has to erase cases, and without what others say of those that are erased. */
export function withErasure(
  definition: NodeDefinition,
  care: ErasureCare,
  keyStore: Pick<KeyStore, 'holdStanding'>,
): NodeDefinition {
  return {
    ...definition,
    procedures: [...definition.procedures, erasureProcedure],
    deadlines: [...(definition.deadlines ?? []), care.deadlines()],
    inlineProjections: [...definition.inlineProjections, erasureOrderProjection],
    contractProjections: definition.contractProjections.map((one) => sparingProjection(one, keyStore)),
    policies: (context) => [
      ...sparingErasedCases(definition.policies(context)),
      whenErasureOrderedThenNoteIt(context, care),
      whenReferralRequestedThenHeedEarlierOrder(context, care),
      whenErasurePostponedThenNoteIt(context),
      whenCaseErasedThenNoteReceipt(context),
    ],
  };
}
