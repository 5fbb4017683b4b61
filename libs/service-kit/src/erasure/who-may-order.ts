import { custodyProcedure, referralProcedure } from '@acogida/referral';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { standingOf } from '../referral-desk/known-cases.ts';
import { successorOf } from '../safeguards/known-holds.ts';
import { unlessErased } from '../safeguards/linked-cases.ts';
import { type ReachParts, runs, wasSaid } from './reach.ts';

/** Its stream of a case is what whoever opens the case says first. */
const OPENING_PROCEDURE = 'case-intake';
/** Kind of the services that open cases by it. */
const OPENING_KIND = 'intake';

/** What an agency knows of who is responsible for a case. */
export interface CaseTies {
  /** The custodian; null where no custody is known here. */
  readonly holder: string | null;
  /** The directory closed it, and nobody took over from it. */
  readonly isHolderGone: boolean;
  readonly isOpenedHere: boolean;
  /** Others that said that they opened it. */
  readonly openers: readonly string[];
  /** Whoever it was accepted from; where it was from nobody, who referred it here first. */
  readonly referrers: readonly string[];
  /** Whom this agency referred it to. */
  readonly receivers: readonly string[];
  /** Who gave this agency keys, or was let into its circle; no auditor. */
  readonly companions: readonly string[];
}

/**
 * Whose order to erase a case counts at an agency: the custodian's alone where that is known, this agency's own for a case of its own,
 * else that of whoever it has the case from. Where the custodian is gone for good, those speak for the case besides, and nobody else. Who
 * merely was asked, or audits, ends its own part and no more.
 */
export function speakersFor(ties: CaseTies, own: string): readonly string[] {
  const { holder, isHolderGone, isOpenedHere, openers, referrers, receivers, companions } = ties;
  const origins = isOpenedHere ? [own] : [...new Set([...openers, ...referrers])];
  if (holder !== null) return isHolderGone ? [...new Set([holder, ...origins])] : [holder];
  if (origins.length > 0) return origins;
  return receivers.length > 0 ? [own] : companions;
}

/** Whether an agency is one of those, or the successor of one that is gone. */
export function speaksFor(speakers: readonly string[], agency: string, { node }: Pick<KeyTurn, 'node'>): boolean {
  const members = node.members();
  return speakers.some((speaker) => speaker === agency || successorOf(speaker, members) === agency);
}

/** What this agency knows of a case; nothing of one that is erased here. */
export async function tiesOf(turn: KeyTurn, caseId: string, parts: ReachParts): Promise<CaseTies> {
  const { isOpenedHere, openers } = await openingOf(turn, caseId);
  const { isOwn, ...referrals } = await referralsOf(turn, caseId, parts);
  const holder = await holderOf(turn, caseId, parts);
  return {
    holder,
    isHolderGone: holder !== null && (await isGoneForGood(turn, holder)),
    ...referrals,
    openers,
    isOpenedHere: isOpenedHere || isOwn || (await hasOpenedItself(turn, caseId, parts)),
    companions: await companionsOf(turn, caseId, parts),
  };
}

/**
 * Whether a procedure of this agency opened it for somebody who came by themselves: whoever refers the case here after that has no more
 * say in it than before. What a restored node gave away since makes it nobody else's to erase.
 */
async function hasOpenedItself(
  { node, transaction }: KeyTurn,
  caseId: string,
  { definition }: ReachParts,
): Promise<boolean> {
  if (!runs(definition, referralProcedure.name) || !runs(definition, custodyProcedure.name)) return false;
  const { agencyId, handler, members, ownCases } = node;
  if (ownCases === undefined) return false;
  const own = { agencyId, handler, members, ownCases };
  return (await unlessErased(standingOf(own, transaction, caseId).then((state) => ({ state })))) === 'OPENED_HERE';
}

/** Whether an agency is closed, by the directory, without a successor. One that is suspended, or whose keys were revoked, may come back. */
export async function isGoneForGood(
  { node, transaction }: Pick<KeyTurn, 'node' | 'transaction'>,
  agency: string,
): Promise<boolean> {
  if (successorOf(agency, node.members()) !== null) return false;
  return (await new LocalDirectory(node, transaction).agency(agency))?.status === 'CLOSED';
}

async function holderOf({ node, transaction }: KeyTurn, caseId: string, { definition }: ReachParts) {
  if (!runs(definition, custodyProcedure.name)) return null;
  return (await unlessErased(node.handler.load(custodyProcedure, caseId, transaction)))?.holder ?? null;
}

async function openingOf(
  { node, transaction }: KeyTurn,
  caseId: string,
): Promise<Pick<CaseTies, 'isOpenedHere' | 'openers'>> {
  const stream = `${OPENING_PROCEDURE}-${caseId}`;
  const { rows: own } = await transaction.query('SELECT FROM es.stream WHERE name = $1', [stream]);
  const { rows: others } = await transaction.query<{ source: string }>(
    'SELECT source FROM inbox.stream WHERE source = ANY ($1::text[]) AND stream = $2',
    [node.members().flatMap(({ agencyId, kind }) => (kind === OPENING_KIND ? [agencyId] : [])), stream],
  );
  return { isOpenedHere: own.length > 0, openers: others.map(({ source }) => source) };
}

/** By the order in which they came: who asks says itself when it did. A case that was first referred from here is one of this agency. */
async function referralsOf(
  turn: KeyTurn,
  caseId: string,
  { definition }: ReachParts,
): Promise<Pick<CaseTies, 'referrers' | 'receivers'> & { readonly isOwn: boolean }> {
  if (!runs(definition, referralProcedure.name)) return { isOwn: false, referrers: [], receivers: [] };
  const { rows: all } = await turn.transaction.query<{
    id: string;
    isSent: boolean;
    agency: string;
    isAccepted: boolean;
  }>(
    `SELECT referral_id::text AS id, direction = 'sent' AS "isSent", CASE direction WHEN 'sent' THEN receiver ELSE sender END AS agency,
            accepted_at IS NOT NULL AS "isAccepted"
     FROM referral LEFT JOIN es.event AS begun ON begun.stream = $2::text || referral_id AND begun.version = 1
     WHERE case_id = $1 ORDER BY begun.position`,
    [caseId, `${referralProcedure.name}-`],
  );
  const rows: typeof all = [];
  for (const row of all) if (!row.isSent || (await wasSaid(turn, row.id))) rows.push(row);
  const received = rows.filter(({ isSent }) => !isSent);
  const accepted = received.filter(({ isAccepted }) => isAccepted);
  return {
    isOwn: rows[0]?.isSent === true,
    referrers: (accepted.length > 0 ? accepted : received.slice(0, 1)).map(({ agency }) => agency),
    receivers: rows.filter(({ isSent }) => isSent).map(({ agency }) => agency),
  };
}

async function companionsOf(turn: KeyTurn, caseId: string, { circles, keyStore }: ReachParts) {
  const members = (await circles?.members(turn, caseId)) ?? [];
  const keys = await keyStore.keysOf(turn.transaction, caseId);
  const found = [
    ...members.flatMap(({ agency, role }) => (role === 'MEMBER' ? [agency] : [])),
    ...keys.flatMap(({ grantedBy }) => (grantedBy === null ? [] : [grantedBy])),
  ];
  return [...new Set(found)].sort();
}
