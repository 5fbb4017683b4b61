import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { ReceiptLanguage } from '@acogida/reference';

/** Wrong codes that a link bears. */
export const MAX_TRIES = 5;

/** How a link came to its end before its time. */
export type LinkEnd = 'ANSWERED' | 'REPLACED';

/** A link as it is kept. */
export interface AnswerLink {
  readonly linkId: string;
  readonly referralId: string;
  /** Agency that answers by it. */
  readonly agency: string;
  readonly language: ReceiptLanguage;
  readonly tokenHash: string;
  readonly codeHash: string;
  readonly triesLeft: number;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly openedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly endedBy: LinkEnd | null;
}

/** A link that begins. */
export interface NewAnswerLink extends Pick<
  AnswerLink,
  'linkId' | 'referralId' | 'agency' | 'language' | 'tokenHash' | 'codeHash' | 'issuedAt' | 'expiresAt'
> {
  /** Name of the request that asked for it, and its fingerprint; null for one that follows an answer. */
  readonly askedUnder: string | null;
  readonly fingerprint: string | null;
}

interface Row {
  readonly link_id: string;
  readonly referral_id: string;
  readonly agency: string;
  readonly language: ReceiptLanguage;
  readonly token_hash: string;
  readonly code_hash: string;
  readonly tries_left: number;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly opened_at: Date | null;
  readonly ended_at: Date | null;
  readonly ended_by: LinkEnd | null;
  readonly fingerprint: string | null;
}

type Connection = Pick<Transaction, 'query'>;

function linkOf(row: Row): AnswerLink {
  return {
    linkId: row.link_id,
    referralId: row.referral_id,
    agency: row.agency,
    language: row.language,
    tokenHash: row.token_hash,
    codeHash: row.code_hash,
    triesLeft: row.tries_left,
    issuedAt: row.issued_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    openedAt: row.opened_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
  };
}

async function linksBy(connection: Connection, condition: string, value: string): Promise<readonly Row[]> {
  const { rows } = await connection.query<Row>(`SELECT * FROM answer_link WHERE ${condition}`, [value]);
  return rows;
}

/** The link of a token; with `FOR UPDATE` it stays as it is until the transaction ends. */
export async function linkOfToken(
  connection: Connection,
  tokenHash: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<AnswerLink | null> {
  const [row] = await linksBy(connection, `token_hash = $1 ${lock}`, tokenHash);
  return row === undefined ? null : linkOf(row);
}

/** The link that a request asked for before, and the request's fingerprint. */
export async function linkAskedUnder(
  connection: Connection,
  askedUnder: string,
): Promise<{ readonly link: AnswerLink; readonly fingerprint: string | null } | null> {
  const [row] = await linksBy(connection, 'asked_under = $1', askedUnder);
  return row === undefined ? null : { link: linkOf(row), fingerprint: row.fingerprint };
}

/** The links of a referral, the latest first. */
export async function linksOfReferral(connection: Connection, referralId: string): Promise<readonly AnswerLink[]> {
  const rows = await linksBy(connection, 'referral_id = $1 ORDER BY issued_at DESC, link_id', referralId);
  return rows.map(linkOf);
}

/** Begins a link and ends whichever of the referral was still good: there is one at a time. */
export async function beginLink(transaction: Transaction, link: NewAnswerLink): Promise<void> {
  await transaction.query(
    `UPDATE answer_link SET ended_at = $2, ended_by = 'REPLACED' WHERE referral_id = $1 AND ended_at IS NULL`,
    [link.referralId, link.issuedAt],
  );
  const { linkId, referralId, agency, language, tokenHash, codeHash, issuedAt, expiresAt } = link;
  await transaction.query(
    `INSERT INTO answer_link (link_id, referral_id, agency, language, token_hash, code_hash, tries_left, issued_at,
       expires_at, asked_under, fingerprint)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[linkId, referralId, agency, language, tokenHash, codeHash, MAX_TRIES, issuedAt, expiresAt],
      ...[link.askedUnder, link.fingerprint],
    ],
  );
}

/** Counts a wrong code. */
export async function countWrongCode(transaction: Transaction, linkId: string): Promise<void> {
  await transaction.query('UPDATE answer_link SET tries_left = tries_left - 1 WHERE link_id = $1', [linkId]);
}

/** Keeps when what the link shows was first shown. */
export async function markOpened(transaction: Transaction, linkId: string, at: Instant): Promise<void> {
  await transaction.query('UPDATE answer_link SET opened_at = coalesce(opened_at, $2) WHERE link_id = $1', [
    linkId,
    at,
  ]);
}

/** The link has been answered by, and is good for nothing any more. */
export async function markAnswered(transaction: Transaction, linkId: string, at: Instant): Promise<void> {
  await transaction.query(`UPDATE answer_link SET ended_at = $2, ended_by = 'ANSWERED' WHERE link_id = $1`, [
    linkId,
    at,
  ]);
}
