import type { Instant } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import type { MatchDecision, MatchGround, MatchReason } from '@acogida/reference';
import type { IdentityElements, PossibleMatch } from '@acogida/safeguards';
import type pg from 'pg';
import type { AuditLog } from '../audit/audit-log.ts';
import { notFound } from '../http/problem.ts';
import { decideMatch, type StandingMatch } from './decide-match.ts';
import type { DecidedMatch } from '../safeguards/case-links.ts';
import type { SearchAsked } from './identity-index.ts';
import { type FoundMatch, keepFound, type KeepFoundParts } from './keep-found.ts';
import { isSameByAnother, lockMatches } from './matches-of-pair.ts';
import { FORGETTING, oldestSought, placeOfSought } from './sought-identity.ts';

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
  /** Why an officer proposed to change `SAME_PERSON`, and when; a second one has to say the same. */
  readonly changeReason: MatchReason | null;
  readonly changeProposedAt: Instant | null;
  /** Who was asked about; null once it is decided, until it is asked again. */
  readonly sought: IdentityElements | null;
}

type Row = Omit<KeptMatch, 'foundAt' | 'decidedAt' | 'changeProposedAt' | 'sought'> & {
  readonly foundAt: Date;
  readonly decidedAt: Date | null;
  readonly changeProposedAt: Date | null;
  readonly sought: string | null;
};

/** What an officer said of two identities. */
interface SaidOfMatch {
  readonly decision: MatchDecision;
  readonly reason: MatchReason;
  readonly officer: string;
}

/** What possible matches are kept with. */
export interface PossibleMatchesParts extends KeepFoundParts {
  readonly pool: pg.Pool;
  readonly audit: AuditLog;
  /** Is told of each decision that takes effect, in its transaction. */
  readonly onDecided?: (transaction: Transaction, match: DecidedMatch) => Promise<void>;
  /** Once a decision is committed. */
  readonly afterDecided?: () => void;
}

const COLUMNS = `match_id::text AS "matchId", case_id::text AS "caseId", asked_case_id::text AS "askedCaseId", asked_by AS "askedBy",
  found_at AS "foundAt", grounds, decision, reason, decided_at AS "decidedAt", proposed_reason AS "changeReason",
  proposed_at AS "changeProposedAt", sought`;
/** Possible matches of own cases, for officers of this agency, who alone decide. */
export class PossibleMatches {
  readonly #parts: PossibleMatchesParts;

  constructor(parts: PossibleMatchesParts) {
    this.#parts = parts;
  }

  /** @see keepFound */
  keep(
    transaction: Transaction,
    sought: IdentityElements,
    found: readonly FoundMatch[],
    asked: SearchAsked,
  ): Promise<readonly PossibleMatch[]> {
    return keepFound(this.#parts, transaction, sought, found, asked);
  }

  /** Forgets who was asked about longer ago than that is kept; what nobody decided until then goes as a whole. */
  async forgetOld(): Promise<void> {
    const ofOld = 'WHERE sought IS NOT NULL AND found_at < $1';
    await inTransaction(this.#parts.pool, async (transaction) => {
      await lockMatches(transaction);
      const values = [oldestSought(this.#parts.clock)];
      await transaction.query(`DELETE FROM vault.possible_match ${ofOld} AND decision IS NULL`, values);
      await transaction.query(`UPDATE vault.possible_match SET ${FORGETTING} ${ofOld}`, values);
    });
  }

  /**
   * What waits for an officer, the oldest first: of all cases, or of one, and then also what was decided as the same person and asked again
   * since. Each identity that is shown is in the audit.
   */
  async open(caseId: string | null, officer: string): Promise<readonly KeptMatch[]> {
    return inTransaction(this.#parts.pool, async (transaction) => {
      await lockMatches(transaction);
      const { rows } = await transaction.query<Row & { readonly soughtToken: string | null }>(
        `SELECT ${COLUMNS}, sought_token AS "soughtToken" FROM vault.possible_match WHERE sought IS NOT NULL AND found_at >= $2
           AND CASE WHEN $1::uuid IS NULL THEN decision IS NULL OR proposed_by IS NOT NULL ELSE case_id = $1 END
         ORDER BY found_at, match_id LIMIT ${MOST_SHOWN}`,
        [caseId, oldestSought(this.#parts.clock)],
      );
      const decided = rows.filter(({ decision }) => decision !== null);
      // Whoever is described otherwise meanwhile is shown anew.
      await transaction.query(
        `UPDATE vault.possible_match AS kept SET shown_to = shown_to || $3::text
         FROM unnest($1::uuid[], $2::text[]) AS shown (match_id, sought_token)
         WHERE kept.match_id = shown.match_id AND kept.sought_token = shown.sought_token AND $3 <> ALL(shown_to)`,
        [decided.map(({ matchId }) => matchId), decided.map(({ soughtToken }) => soughtToken), officer],
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
      for (const { soughtToken: _, ...row } of rows) shown.push(await this.#shown(transaction, row));
      return shown;
    });
  }

  /**
   * Keeps what an officer decided. Changing `SAME_PERSON` takes two (`decideMatch`). The identity that was asked about goes with a decision
   * that takes effect.
   *
   * @throws DomainError MATCH.UNKNOWN (not-found), MATCH.NOT_SEEN, MATCH.SAME_OFFICER
   */
  async decide({ caseId, matchId }: Pick<KeptMatch, 'caseId' | 'matchId'>, said: SaidOfMatch): Promise<KeptMatch> {
    const decided = await inTransaction(this.#parts.pool, async (transaction) => {
      const { rows } = await transaction.query<StandingMatch>(
        `SELECT decision, proposed_by AS "proposedBy", CASE WHEN found_at >= $3 THEN shown_to ELSE '{}' END AS "shownTo"
         FROM vault.possible_match WHERE case_id = $1 AND match_id = $2 AND (decision IS NOT NULL OR found_at >= $3) FOR UPDATE`,
        [caseId, matchId, oldestSought(this.#parts.clock)],
      );
      const [standing] = rows;
      if (standing === undefined) throw notFound('MATCH.UNKNOWN', 'no such possible match of this case');
      const outcome = decideMatch(standing, said.decision, said.officer);
      const row =
        outcome.kind === 'PROPOSED'
          ? await this.#propose(transaction, matchId, said)
          : await this.#takeEffect(transaction, matchId, said);
      const { decision, reason, officer } = said;
      if (outcome.kind === 'TAKES_EFFECT') await this.#link(transaction, row, outcome.officers);
      await this.#parts.audit.record(transaction, {
        ...{ at: this.#parts.clock.now(), actor: officer, kind: 'MATCH_DECIDED', caseId, consentId: null },
        details: [
          ...[`match:${matchId}`, `${outcome.kind === 'PROPOSED' ? 'proposed' : 'decision'}:${decision}`],
          `reason:${reason}`,
        ],
      });
      return this.#shown(transaction, row);
    });
    this.#parts.afterDecided?.();
    return decided;
  }

  async #propose(transaction: Transaction, matchId: string, { reason, officer }: SaidOfMatch): Promise<Row> {
    const { rows } = await transaction.query<Row>(
      `UPDATE vault.possible_match SET proposed_by = $2, proposed_reason = $3, proposed_at = $4
       WHERE match_id = $1 RETURNING ${COLUMNS}`,
      [matchId, officer, reason, this.#parts.clock.now()],
    );
    return onlyRow(rows);
  }

  async #takeEffect(
    transaction: Transaction,
    matchId: string,
    { decision, reason, officer }: SaidOfMatch,
  ): Promise<Row> {
    const { rows } = await transaction.query<Row>(
      `UPDATE vault.possible_match SET decision = $2, reason = $3, decided_by = $4, decided_at = $5, ${FORGETTING}
       WHERE match_id = $1 RETURNING ${COLUMNS}`,
      [matchId, decision, reason, officer, this.#parts.clock.now()],
    );
    return onlyRow(rows);
  }

  /** What another match still says of the same two cases stands. */
  async #link(transaction: Transaction, row: Row, officers: readonly string[]): Promise<void> {
    const { matchId, caseId, askedCaseId, askedBy, decision, reason } = row;
    if (decision === null || reason === null) return;
    if (decision === 'OTHER_PERSON' && (await isSameByAnother(transaction, row))) return;
    await this.#parts.onDecided?.(transaction, { matchId, caseId, askedCaseId, askedBy, decision, reason, officers });
  }

  async #shown(transaction: Transaction, row: Row): Promise<KeptMatch> {
    const { foundAt, decidedAt, changeProposedAt, sought: sealed } = row;
    const cells = sealed === null ? [] : [{ ...placeOfSought(row), sealed }];
    const [text] = await this.#parts.sealer.open(transaction, cells);
    return {
      ...{ ...row, foundAt: foundAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null },
      changeProposedAt: changeProposedAt?.toISOString() ?? null,
      sought: text === undefined ? null : (JSON.parse(text) as IdentityElements),
    };
  }
}

/** Of a row that was locked before. */
function onlyRow([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('a row that is locked is gone');
  return row;
}
