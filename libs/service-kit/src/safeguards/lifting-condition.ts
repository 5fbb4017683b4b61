import type { Instant } from '@acogida/core';
import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import type pg from 'pg';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeContext } from '../node-definition.ts';
import { successorOf } from './known-holds.ts';

/** A hold that an officer wants to lift, or to propose or confirm that it is lifted. */
export interface Lifting {
  readonly caseId: string;
  /** Null where it is not known here: of one that was taken over. */
  readonly kind: RemovalHold | null;
  /** The procedure that it protects; null where none was named, or it was taken over. */
  readonly groundId: string | null;
  /** Since when it stands; null where it was taken over. */
  readonly placedAt: Instant | null;
  readonly reason: HoldLiftReason;
  readonly step: 'LiftHold' | 'ProposeLift' | 'ConfirmLift';
  /** Of the officer. */
  readonly roles: readonly string[];
}

/** What a service asks of a case before an officer lifts one of its holds, or has a say in that. */
export interface LiftingCondition {
  /** @throws DomainError why it stays */
  assertMayLift(lifting: Lifting): Promise<void>;
}

/** Injection token of the service's `LiftingCondition`, if it has one. */
export const LIFTING_CONDITION = Symbol('acogida.lifting-condition');

/**
 * Whether an authority that the directory names for a kind of hold in this agency's country, or its successor, has been heard to hold
 * the case, with any hold and whether or not it has lifted it since: somebody whose task it is knows of the person.
 */
export async function isTakenUpFor(
  kind: RemovalHold,
  caseId: string,
  { node, pool }: { readonly node: NodeContext; readonly pool: pg.Pool },
): Promise<boolean> {
  const listed = await new LocalDirectory(node, pool).clearanceAuthorities(node.jurisdiction ?? '');
  const members = node.members();
  const sources = listed
    .filter(({ holds }) => holds.includes(kind))
    .flatMap(({ agencyId }) => [agencyId, successorOf(agencyId, members) ?? agencyId]);
  const { rows } = await pool.query<{ isHeard: boolean }>(
    `SELECT EXISTS (SELECT FROM known_hold
       WHERE case_id = $1 AND source = ANY($2::text[]) AND placed_number IS NOT NULL) AS "isHeard"`,
    [caseId, sources],
  );
  return rows[0]?.isHeard === true;
}
