import type { Transaction } from '@acogida/event-store';
import type { KeyStore } from '@acogida/sealing';
import { referralProcedure } from '@acogida/referral';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import { unlessErased } from '../safeguards/linked-cases.ts';
import type { Copies } from './erasure-events.ts';

/** Who may have something of a case because of this agency, or this agency because of them. */
export interface Reach {
  readonly agencies: readonly string[];
  readonly copies: Copies;
}

/** What says who may have something of a case. */
export interface ReachParts {
  readonly definition: Pick<NodeDefinition, 'procedures'>;
  readonly keyStore: Pick<KeyStore, 'keysOf'>;
  /** Null where the node seals with the key of the network: there every node can read everything. */
  readonly circles: Pick<CaseCircles, 'everybody' | 'members' | 'isReady' | 'standing'> | null;
}

/** Who is to hear of the erasure of a case. */
export async function reachOf(turn: KeyTurn, caseId: string, parts: ReachParts): Promise<Reach> {
  const { circles } = parts;
  const { node } = turn;
  if (circles === null) {
    return { agencies: othersAmong(node), copies: { toCircle: true, sealedTo: [] } };
  }
  // Who left, or watched it for a time, kept what it had read.
  const members = (await circles.everybody(turn, caseId)).map(({ agency }) => agency);
  const granted = (await parts.keyStore.keysOf(turn.transaction, caseId)).flatMap(({ source, grantedBy }) =>
    grantedBy === null ? [] : [source, grantedBy],
  );
  const contacts = await contactsOf(turn, caseId, parts.definition);
  const others = new Set(othersAmong(node));
  const agencies = [...new Set([...members, ...granted, ...contacts])].filter((agency) => others.has(agency)).sort();
  const toCircle = (await circles.standing(turn, caseId)) === 'OPEN';
  return { agencies, copies: { toCircle, sealedTo: agencies.filter((agency) => circles.isReady(agency)) } };
}

function othersAmong(node: NodeContext): readonly string[] {
  return node
    .members()
    .map(({ agencyId }) => agencyId)
    .filter((agency) => agency !== node.agencyId)
    .sort();
}

/** Whether others have heard of a referral. Nobody is told of a draft, also where it was dropped: whom it names has nothing of the case. */
export async function wasSaid({ node, transaction }: KeyTurn, referralId: string): Promise<boolean> {
  const referral = await unlessErased(node.handler.load(referralProcedure, referralId, transaction));
  return referral === null || referral.times.requestedAt !== null;
}

/** Whether this agency has a referral of the case, be it a draft. */
export async function hasReferral(
  transaction: Transaction,
  caseId: string,
  definition: ReachParts['definition'],
): Promise<boolean> {
  if (!runs(definition, referralProcedure.name)) return false;
  return (await transaction.query('SELECT FROM referral WHERE case_id = $1 LIMIT 1', [caseId])).rows.length > 0;
}

/** Whom the case was referred to, or who referred it, whatever became of that. */
async function contactsOf(
  turn: KeyTurn,
  caseId: string,
  definition: ReachParts['definition'],
): Promise<readonly string[]> {
  if (!runs(definition, referralProcedure.name)) return [];
  const { rows } = await turn.transaction.query<{ id: string; sender: string; receiver: string }>(
    'SELECT referral_id::text AS id, sender, receiver FROM referral WHERE case_id = $1',
    [caseId],
  );
  const contacts: string[] = [];
  for (const { id, sender, receiver } of rows) if (await wasSaid(turn, id)) contacts.push(sender, receiver);
  return contacts;
}

/** Whether a node runs a procedure. */
export function runs({ procedures }: ReachParts['definition'], procedure: string): boolean {
  return procedures.some(({ name }) => name === procedure);
}

/** Whether a referral of the case waits for somebody: every open one has something due. */
export async function hasOpenReferral(
  transaction: Transaction,
  caseId: string,
  definition: ReachParts['definition'],
): Promise<boolean> {
  if (!runs(definition, referralProcedure.name)) return false;
  const { rows } = await transaction.query(
    'SELECT 1 FROM referral WHERE case_id = $1 AND next_due_at IS NOT NULL LIMIT 1',
    [caseId],
  );
  return rows.length > 0;
}
