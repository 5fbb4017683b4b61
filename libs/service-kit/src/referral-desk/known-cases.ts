import { DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { PENDING_STATUSES } from '@acogida/referral';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { NodeContext } from '../node-definition.ts';
import { DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { PAIR, statusPairs } from './referral-queries.ts';

/** How an agency knows a case: `OPENED_HERE`, before it heard of it from anybody, or otherwise. */
export type CaseStanding = 'OPENED_HERE' | 'KNOWN';

type CaseKnower = Pick<NodeContext, 'agencyId' | 'handler' | 'ownCases' | 'awaitsAttestation' | 'members'>;

/** Whoever publishes such a stream has opened the case: an intake draws the id itself. */
const OPENING = { kind: 'intake', procedure: 'case-intake' } as const;

/**
 * Whether a case was given to this agency: by a referral that it accepted, or by custody, which it has or gave away; and whether
 * another agency spoke of it before this one had a record of it ($3, $4), or said that it opened it. One of the wrong person gave it nobody.
 */
const GIVEN_HERE = `
  SELECT EXISTS (SELECT FROM referral WHERE case_id = $1 AND direction = 'received' AND accepted_at IS NOT NULL
                    AND entry_error IS DISTINCT FROM 'WRONG_PERSON')
      OR EXISTS (SELECT FROM referral WHERE case_id = $1 AND direction = 'sent' AND custody_term IS NOT NULL)
      OR EXISTS (SELECT FROM custody WHERE case_id = $1 AND holder = $2) AS "isGiven",
         EXISTS (SELECT FROM custody WHERE case_id = $1 AND holder IS DISTINCT FROM $2)
      OR EXISTS (SELECT FROM referral LEFT JOIN es.event AS heard
                        ON heard.stream = 'referral-' || referral.referral_id AND heard.version = 1
                  WHERE referral.case_id = $1 AND referral.direction = 'received'
                    AND (heard.position IS NULL OR heard.position < $3))
      OR EXISTS (SELECT FROM keys.case_key WHERE case_id = $1 AND granted_by <> $2
                    AND received_at COLLATE "C" <= $4)
      OR EXISTS (SELECT FROM inbox.stream WHERE source = ANY ($5::text[]) AND stream = $6) AS "isOfAnother"`;

interface GivenRow {
  readonly isGiven: boolean;
  readonly isOfAnother: boolean;
}

/**
 * How this agency knows a case (architecture.md §6); null where it does not. It does by its own procedure, or because the case was
 * given to it. That it was heard of, by a circle, a consent, a question or a hold, or asked about, makes it nobody's to pass on.
 * Until a restore is attested nothing counts as opened here: its custody may have been given away since the copy was made.
 *
 * @param caseId in lower case
 */
export async function standingOf(
  { agencyId, handler, ownCases, awaitsAttestation, members }: CaseKnower,
  lookup: Pick<Transaction, 'query'>,
  caseId: string,
): Promise<CaseStanding | null> {
  const own = (await ownCases?.(lookup, caseId, { agencyId, handler })) ?? null;
  const before = [own?.position ?? null, own?.recordedAt ?? null];
  const openers = members().flatMap((one) =>
    one.kind === OPENING.kind && one.agencyId !== agencyId ? [one.agencyId] : [],
  );
  const opening = [openers, `${OPENING.procedure}-${caseId}`];
  const { rows } = await lookup.query<GivenRow>(GIVEN_HERE, [caseId, agencyId, ...before, ...opening]);
  const [given] = rows;
  const mayBeForgotten = awaitsAttestation?.() === true;
  if (own?.isOwnAct === true && given?.isOfAnother === false && !mayBeForgotten) return 'OPENED_HERE';
  return own !== null || given?.isGiven === true ? 'KNOWN' : null;
}

const ASKED_HERE = `SELECT FROM referral WHERE case_id = $1 AND direction = 'received' AND ${PAIR} = ANY ($2::text[]) LIMIT 1`;

function unknownHere(): DomainError {
  return new DomainError('REFERRAL.CASE_UNKNOWN', 'not-found', 'there is no such case here');
}

/** What this agency knows of cases before it passes them on. */
@Injectable()
export class KnownCases {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(NODE_CONTEXT) private readonly node: CaseKnower,
  ) {}

  /**
   * How this agency knows a case.
   *
   * @throws DomainError REFERRAL.CASE_UNKNOWN
   */
  async require(caseId: string): Promise<CaseStanding> {
    const standing = await standingOf(this.node, this.pool, caseId.toLowerCase());
    if (standing !== null) return standing;
    throw unknownHere();
  }

  /**
   * The same where nothing is passed on: a case that this agency was asked to take, and has not answered for, counts too. Who rejects it
   * is to name another agency (INV-19).
   *
   * @throws DomainError REFERRAL.CASE_UNKNOWN
   */
  async requireAsked(caseId: string): Promise<void> {
    const { rows } = await this.pool.query(ASKED_HERE, [caseId.toLowerCase(), statusPairs(PENDING_STATUSES)]);
    if (rows.length === 0) await this.require(caseId);
  }
}
