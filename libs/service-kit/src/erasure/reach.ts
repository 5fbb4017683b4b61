import type { Transaction } from '@acogida/event-store';
import type { KeyStore } from '@acogida/sealing';
import { referralProcedure } from '@acogida/referral';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
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
  const contacts = await contactsOf(turn.transaction, caseId, parts.definition);
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

/** Whom the case was referred to, or who referred it, whatever became of that. */
export async function contactsOf(
  transaction: Transaction,
  caseId: string,
  definition: ReachParts['definition'],
): Promise<readonly string[]> {
  if (!runs(definition, referralProcedure.name)) return [];
  const { rows } = await transaction.query<{ agency: string }>(
    'SELECT sender AS agency FROM referral WHERE case_id = $1 UNION SELECT receiver FROM referral WHERE case_id = $1',
    [caseId],
  );
  return rows.map(({ agency }) => agency);
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
