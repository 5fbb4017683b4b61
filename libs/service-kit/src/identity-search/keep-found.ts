import type { Clock, Ids } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { IdentityElements, PossibleMatch } from '@acogida/safeguards';
import type { IndexKey } from '@acogida/sealing';
import type { CellSealer } from '../vault/cell-sealer.ts';
import type { SearchAsked } from './identity-index.ts';
import { isSamePair, lockMatches, matchOfIdentities } from './matches-of-pair.ts';
import { FORGETTING, inOrder, oldestSought, placeOfSought } from './sought-identity.ts';

/** What a search found in an own case; without elements where what is kept does not open. */
export interface FoundMatch {
  readonly match: PossibleMatch;
  readonly elements: IdentityElements | null;
}

/** What found matches are kept with. */
export interface KeepFoundParts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sealer: CellSealer;
  readonly key: () => Promise<IndexKey>;
}

/**
 * Keeps what a search found, and returns what of it no officer has ruled out yet. A decision is about these two identities: once
 * either of them is told otherwise, it is open again.
 */
export async function keepFound(
  parts: KeepFoundParts,
  transaction: Transaction,
  sought: IdentityElements,
  found: readonly FoundMatch[],
  asked: SearchAsked,
): Promise<readonly PossibleMatch[]> {
  await lockMatches(transaction);
  const { rows: ofThisCase } = await transaction.query<{ readonly matchId: string; readonly caseId: string }>(
    `SELECT match_id::text AS "matchId", case_id::text AS "caseId" FROM vault.possible_match
     WHERE asked_case_id = $1 AND decision = 'SAME_PERSON'`,
    [asked.caseId],
  );
  for (const match of ofThisCase) await askAnew(parts, transaction, match, { sought, by: asked.by });
  const left: PossibleMatch[] = [];
  for (const { match, elements } of found) {
    const isRuledOut = elements !== null && (await keepOne(parts, transaction, sought, { match, elements }, asked));
    if (!isRuledOut) left.push(match);
  }
  return left;
}

/** @returns whether an officer decided that these are two persons */
async function keepOne(
  parts: KeepFoundParts,
  transaction: Transaction,
  sought: IdentityElements,
  { match, elements }: { readonly match: PossibleMatch; readonly elements: IdentityElements },
  { by, caseId: askedCaseId }: SearchAsked,
): Promise<boolean> {
  const { caseId, judgement } = match;
  const key = await parts.key();
  const printOf = (...more: readonly string[]): string =>
    key.tokenOf(JSON.stringify(['match', inOrder(sought), inOrder(elements), ...more]));
  const pair = printOf();
  const first = await matchOfIdentities(transaction, caseId, pair);
  // A third case of the person: what was decided links only those that it was decided of, and rules out no more than them.
  const isOfAnother =
    first !== undefined && first.askedCaseId !== askedCaseId && (await isSamePair(transaction, caseId, pair));
  const fingerprint = isOfAnother ? printOf(askedCaseId) : pair;
  const known = isOfAnother ? await matchOfIdentities(transaction, caseId, fingerprint) : first;
  if (known?.decision === 'SAME_PERSON')
    await askAnew(parts, transaction, { caseId, matchId: known.matchId }, { sought, by });
  if (known?.decision != null) return known.decision === 'OTHER_PERSON';
  const matchId = known?.matchId ?? parts.ids.uuid();
  const cell = { ...placeOfSought({ caseId, matchId }), text: JSON.stringify(sought) };
  const [sealed] = await parts.sealer.seal(transaction, [cell]);
  const grounds = judgement?.grounds ?? [];
  await transaction.query(
    `INSERT INTO vault.possible_match (match_id, case_id, fingerprint, pair, asked_case_id, asked_by, found_at, grounds, sought)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (match_id) DO UPDATE SET asked_case_id = excluded.asked_case_id, asked_by = excluded.asked_by,
       found_at = excluded.found_at, sought = excluded.sought WHERE possible_match.decision IS NULL`,
    [matchId, caseId, fingerprint, pair, askedCaseId, by, parts.clock.now(), grounds, sealed],
  );
  return false;
}

/**
 * What was decided as the same person can be seen again from now on: it may have been wrong. What officers were shown too long ago counts no
 * more. What another agency says of the person waits while officers have what one has said before them: with two that ask in turn no second
 * officer would ever have seen the same as the first.
 */
async function askAnew(
  { key, sealer, clock }: KeepFoundParts,
  transaction: Transaction,
  match: { readonly caseId: string; readonly matchId: string },
  { sought, by }: { readonly sought: IdentityElements; readonly by: string },
): Promise<void> {
  const token = (await key()).tokenOf(JSON.stringify(['sought', inOrder(sought)]));
  const { rows: ofAnother } = await transaction.query(
    `SELECT FROM vault.possible_match WHERE match_id = $1 AND sought_token <> $2 AND sought_by <> $3 AND shown_to <> '{}' AND found_at >= $4`,
    [match.matchId, token, by, oldestSought(clock)],
  );
  if (ofAnother.length > 0) return;
  const [sealed] = await sealer.seal(transaction, [{ ...placeOfSought(match), text: JSON.stringify(sought) }]);
  await transaction.query(
    `UPDATE vault.possible_match SET ${FORGETTING} WHERE match_id = $1 AND (sought_token IS DISTINCT FROM $2 OR found_at < $3)`,
    [match.matchId, token, oldestSought(clock)],
  );
  await transaction.query(
    `UPDATE vault.possible_match SET sought = $2, sought_token = $3, sought_by = $4, found_at = $5
     WHERE match_id = $1 AND decision = 'SAME_PERSON'`,
    [match.matchId, sealed, token, by, clock.now()],
  );
}
