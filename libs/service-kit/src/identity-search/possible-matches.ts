import { type Clock, type Ids, type Instant, instantAfter } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import type { MatchDecision, MatchGround, MatchReason } from '@acogida/reference';
import type { IdentityElements, PossibleMatch } from '@acogida/safeguards';
import type { IndexKey } from '@acogida/sealing';
import type pg from 'pg';
import type { AuditLog } from '../audit/audit-log.ts';
import { notFound } from '../http/problem.ts';
import type { CellPlace, CellSealer } from '../vault/cell-sealer.ts';
import type { SearchAsked } from './identity-index.ts';

/** How long the identity that another agency asked about is kept for an officer to decide. */
export const SOUGHT_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Most that a list shows. */
const MOST_SHOWN = 200;

/** A possible match as it is kept. */
export interface KeptMatch {
  readonly matchId: string;
  /** The own case. */
  readonly caseId: string;
  readonly askedCaseId: string;
  readonly askedBy: string;
  readonly foundAt: Instant;
  readonly grounds: readonly MatchGround[];
  readonly decision: MatchDecision | null;
  readonly reason: MatchReason | null;
  readonly decidedAt: Instant | null;
  /** Who was asked about; null once it is decided. */
  readonly sought: IdentityElements | null;
}

type Row = Omit<KeptMatch, 'foundAt' | 'decidedAt' | 'sought'> & {
  readonly foundAt: Date;
  readonly decidedAt: Date | null;
  readonly sought: string | null;
};

/** What possible matches are kept with. */
export interface PossibleMatchesParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: AuditLog;
  readonly sealer: CellSealer;
  readonly key: () => Promise<IndexKey>;
}

const COLUMNS = `match_id::text AS "matchId", case_id::text AS "caseId", asked_case_id::text AS "askedCaseId", asked_by AS "askedBy",
  found_at AS "foundAt", grounds, decision, reason, decided_at AS "decidedAt", sought`;

/** Bound to the match: what another one's officer is to see opens nowhere else. */
function placeOf({ caseId, matchId }: Pick<KeptMatch, 'caseId' | 'matchId'>): CellPlace {
  return { caseId, field: 'SOUGHT', version: Number.parseInt(matchId.slice(0, 8), 16) + 1 };
}

const ordered = (elements: IdentityElements): unknown => [
  ...[elements.names.toSorted(), elements.dateOfBirth?.date ?? null, elements.dateOfBirth?.precision ?? null],
  elements.documents.map(({ number }) => number).sort(),
];

/** Possible matches of own cases, for officers of this agency, who alone decide. */
export class PossibleMatches {
  readonly #parts: PossibleMatchesParts;

  constructor(parts: PossibleMatchesParts) {
    this.#parts = parts;
  }

  /**
   * Keeps what a search found, and returns what of it no officer has ruled out yet. A decision is about these two identities: once
   * either of them is told otherwise, it is open again.
   */
  async keep(
    transaction: Transaction,
    sought: IdentityElements,
    found: readonly { readonly match: PossibleMatch; readonly elements: IdentityElements | null }[],
    asked: SearchAsked,
  ): Promise<readonly PossibleMatch[]> {
    const { clock } = this.#parts;
    const oldest = instantAfter(clock.now(), -SOUGHT_KEPT_MS);
    await transaction.query('DELETE FROM vault.possible_match WHERE decision IS NULL AND found_at < $1', [oldest]);
    const left: PossibleMatch[] = [];
    for (const { match, elements } of found) {
      const isRuledOut = elements !== null && (await this.#keepOne(transaction, sought, { match, elements }, asked));
      if (!isRuledOut) left.push(match);
    }
    return left;
  }

  /** @returns whether an officer decided that these are two persons */
  async #keepOne(
    transaction: Transaction,
    sought: IdentityElements,
    { match, elements }: { readonly match: PossibleMatch; readonly elements: IdentityElements },
    { by, caseId: askedCaseId }: SearchAsked,
  ): Promise<boolean> {
    const { caseId, judgement } = match;
    const key = await this.#parts.key();
    const fingerprint = key.tokenOf(JSON.stringify(['match', ordered(sought), ordered(elements)]));
    const { rows } = await transaction.query<{ matchId: string; decision: MatchDecision | null }>(
      `SELECT match_id::text AS "matchId", decision FROM vault.possible_match WHERE case_id = $1 AND fingerprint = $2`,
      [caseId, fingerprint],
    );
    const [known] = rows;
    if (known?.decision != null) return known.decision === 'OTHER_PERSON';
    const matchId = known?.matchId ?? this.#parts.ids.uuid();
    const cell = { ...placeOf({ caseId, matchId }), text: JSON.stringify(sought) };
    const [sealed] = await this.#parts.sealer.seal(transaction, [cell]);
    await transaction.query(
      `INSERT INTO vault.possible_match (match_id, case_id, fingerprint, asked_case_id, asked_by, found_at, grounds, sought)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (match_id) DO UPDATE SET asked_case_id = excluded.asked_case_id, asked_by = excluded.asked_by,
         found_at = excluded.found_at, sought = excluded.sought WHERE possible_match.decision IS NULL`,
      [matchId, caseId, fingerprint, askedCaseId, by, this.#parts.clock.now(), judgement?.grounds ?? [], sealed],
    );
    return false;
  }

  /** What waits for an officer, the oldest first, of one case or of all. Each identity that is shown is in the audit. */
  async open(caseId: string | null, officer: string): Promise<readonly KeptMatch[]> {
    return inTransaction(this.#parts.pool, async (transaction) => {
      const { rows } = await transaction.query<Row>(
        `SELECT ${COLUMNS} FROM vault.possible_match WHERE decision IS NULL AND ($1::uuid IS NULL OR case_id = $1)
         ORDER BY found_at, match_id LIMIT ${MOST_SHOWN}`,
        [caseId],
      );
      const at = this.#parts.clock.now();
      await this.#parts.audit.record(
        transaction,
        ...rows.map((row) => ({
          ...{ at, actor: officer, kind: 'READ' as const, caseId: row.caseId, consentId: null },
          details: ['purpose:CLEARANCE', `match:${row.matchId}`],
        })),
      );
      const shown: KeptMatch[] = [];
      for (const row of rows) shown.push(await this.#shown(transaction, row));
      return shown;
    });
  }

  /**
   * Keeps what an officer decided; deciding otherwise later is no error of the officer. The identity that was asked about goes.
   *
   * @throws DomainError MATCH.UNKNOWN (not-found)
   */
  async decide(
    { caseId, matchId }: Pick<KeptMatch, 'caseId' | 'matchId'>,
    {
      decision,
      reason,
      officer,
    }: { readonly decision: MatchDecision; readonly reason: MatchReason; readonly officer: string },
  ): Promise<KeptMatch> {
    const at = this.#parts.clock.now();
    return inTransaction(this.#parts.pool, async (transaction) => {
      const { rows } = await transaction.query<Row>(
        `UPDATE vault.possible_match SET decision = $3, reason = $4, decided_by = $5, decided_at = $6, sought = NULL
         WHERE case_id = $1 AND match_id = $2 RETURNING ${COLUMNS}`,
        [caseId, matchId, decision, reason, officer, at],
      );
      const [row] = rows;
      if (row === undefined) throw notFound('MATCH.UNKNOWN', 'no such possible match of this case');
      await this.#parts.audit.record(transaction, {
        ...{ at, actor: officer, kind: 'MATCH_DECIDED', caseId, consentId: null },
        details: [`match:${matchId}`, `decision:${decision}`, `reason:${reason}`],
      });
      return this.#shown(transaction, row);
    });
  }

  async #shown(transaction: Transaction, row: Row): Promise<KeptMatch> {
    const { foundAt, decidedAt, sought: sealed } = row;
    const cells = sealed === null ? [] : [{ ...placeOf(row), sealed }];
    const [text] = await this.#parts.sealer.open(transaction, cells);
    return {
      ...{ ...row, foundAt: foundAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null },
      sought: text === undefined ? null : (JSON.parse(text) as IdentityElements),
    };
  }
}
