import { type Clock, type Ids, type Instant, instantAfter } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import type { MatchDecision, MatchGround, MatchReason } from '@acogida/reference';
import type { IdentityElements, PossibleMatch } from '@acogida/safeguards';
import type { IndexKey } from '@acogida/sealing';
import type pg from 'pg';
import type { AuditLog } from '../audit/audit-log.ts';
import { notFound } from '../http/problem.ts';
import type { CellPlace, CellSealer } from '../vault/cell-sealer.ts';
import { decideMatch, type StandingMatch } from './decide-match.ts';
import type { DecidedMatch } from '../safeguards/case-links.ts';
import type { SearchAsked } from './identity-index.ts';
import { isSameByAnother, matchOfIdentities } from './matches-of-pair.ts';

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
export interface PossibleMatchesParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: AuditLog;
  readonly sealer: CellSealer;
  readonly key: () => Promise<IndexKey>;
  /** Is told of each decision that takes effect, in its transaction. */
  readonly onDecided?: (transaction: Transaction, match: DecidedMatch) => Promise<void>;
  /** Once a decision is committed. */
  readonly afterDecided?: () => void;
}

const COLUMNS = `match_id::text AS "matchId", case_id::text AS "caseId", asked_case_id::text AS "askedCaseId", asked_by AS "askedBy",
  found_at AS "foundAt", grounds, decision, reason, decided_at AS "decidedAt", proposed_reason AS "changeReason",
  proposed_at AS "changeProposedAt", sought`;
/** Who was asked about, and all that rests on seeing that, goes. */
const FORGETTING = `sought = NULL, sought_token = NULL, shown_to = '{}', proposed_by = NULL, proposed_reason = NULL, proposed_at = NULL`;

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
    await this.forgetOld(transaction);
    const { rows: ofThisCase } = await transaction.query<Pick<KeptMatch, 'caseId' | 'matchId'>>(
      `SELECT match_id::text AS "matchId", case_id::text AS "caseId" FROM vault.possible_match
       WHERE asked_case_id = $1 AND decision = 'SAME_PERSON'`,
      [asked.caseId],
    );
    for (const match of ofThisCase) await this.#askAnew(transaction, match, sought);
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
    const printOf = (...more: readonly string[]): string =>
      key.tokenOf(JSON.stringify(['match', ordered(sought), ordered(elements), ...more]));
    const first = await matchOfIdentities(transaction, caseId, printOf());
    // A third case of the person: what was decided links only the first two.
    const isOfAnother = first?.decision === 'SAME_PERSON' && first.askedCaseId !== askedCaseId;
    const fingerprint = isOfAnother ? printOf(askedCaseId) : printOf();
    const known = isOfAnother ? await matchOfIdentities(transaction, caseId, fingerprint) : first;
    if (known?.decision === 'SAME_PERSON') await this.#askAnew(transaction, { caseId, matchId: known.matchId }, sought);
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

  /** What was decided as the same person can be seen again from now on: it may have been wrong. */
  async #askAnew(
    transaction: Transaction,
    match: Pick<KeptMatch, 'caseId' | 'matchId'>,
    sought: IdentityElements,
  ): Promise<void> {
    const { key, sealer, clock } = this.#parts;
    const token = (await key()).tokenOf(JSON.stringify(['sought', ordered(sought)]));
    const [sealed] = await sealer.seal(transaction, [{ ...placeOf(match), text: JSON.stringify(sought) }]);
    await transaction.query(
      `UPDATE vault.possible_match SET ${FORGETTING} WHERE match_id = $1 AND sought_token IS DISTINCT FROM $2`,
      [match.matchId, token],
    );
    await transaction.query(
      'UPDATE vault.possible_match SET sought = $2, sought_token = $3, found_at = $4 WHERE match_id = $1',
      [match.matchId, sealed, token, clock.now()],
    );
  }

  /** Forgets who was asked about longer ago than that is kept; what nobody decided until then goes as a whole. */
  async forgetOld(transaction: Pick<Transaction, 'query'> = this.#parts.pool): Promise<void> {
    const ofOld = 'WHERE sought IS NOT NULL AND found_at < $1';
    const values = [this.#oldest()];
    await transaction.query(`DELETE FROM vault.possible_match ${ofOld} AND decision IS NULL`, values);
    await transaction.query(`UPDATE vault.possible_match SET ${FORGETTING} ${ofOld}`, values);
  }

  /**
   * What waits for an officer, the oldest first: of all cases, or of one, and then also what was decided as the same person and asked again
   * since. Each identity that is shown is in the audit.
   */
  async open(caseId: string | null, officer: string): Promise<readonly KeptMatch[]> {
    return inTransaction(this.#parts.pool, async (transaction) => {
      const { rows } = await transaction.query<Row & { readonly soughtToken: string | null }>(
        `SELECT ${COLUMNS}, sought_token AS "soughtToken" FROM vault.possible_match WHERE sought IS NOT NULL AND found_at >= $2
           AND CASE WHEN $1::uuid IS NULL THEN decision IS NULL OR proposed_by IS NOT NULL ELSE case_id = $1 END
         ORDER BY found_at, match_id LIMIT ${MOST_SHOWN}`,
        [caseId, this.#oldest()],
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
        [caseId, matchId, this.#oldest()],
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

  /** From when on who was asked about is kept. */
  #oldest(): Instant {
    return instantAfter(this.#parts.clock.now(), -SOUGHT_KEPT_MS);
  }

  async #shown(transaction: Transaction, row: Row): Promise<KeptMatch> {
    const { foundAt, decidedAt, changeProposedAt, sought: sealed } = row;
    const cells = sealed === null ? [] : [{ ...placeOf(row), sealed }];
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
