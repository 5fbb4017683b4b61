import { StreamMovedError } from '@acogida/event-store';
import type { AttemptEnd } from '@acogida/reference';
import {
  type GateCommandOf,
  type GateFile,
  gateProcedure,
  isNewsOfLink,
  requireFewLinksOfPerson,
} from '@acogida/safeguards';
import type { NodeContext } from '../node-definition.ts';
import type { CommandsBeside } from '../procedure-handler.ts';
import { type OfOnePerson, ofOnePerson } from '../safeguards/linked-cases.ts';
import { bothWays, type LinkWordHeard, type TakingIn } from '../safeguards/link-ledgers.ts';

/** Injection token of what the node's gate does with a link that officers of the agency itself decide; a node without a gate has none. */
export const GATE_HEARS_LINKS = Symbol('acogida.gate-hears-links');

/** What the gate of a case hears beside a decision of the agency's own officers: a link counts for it no more. */
export function unlinkAtGate(
  id: string,
  said: Omit<GateCommandOf<'HearCaseLink' | 'HearCaseUnlink'>, 'type'>,
): CommandsBeside {
  return { procedure: gateProcedure, id, commands: () => [{ type: 'HearCaseUnlink', ...said }] };
}

/** Streams of the gate of all cases of a person. */
export async function gatesOfPerson(
  node: Pick<NodeContext, 'handler'>,
  caseId: string,
  transaction: TakingIn['transaction'],
): Promise<OfOnePerson<GateFile>> {
  const { state } = await node.handler.load(gateProcedure, caseId, transaction);
  return ofOnePerson(node, gateProcedure, [caseId, state], { transaction });
}

/** Ends what is under way in these cases: something was heard of another case of the person. */
export async function endAttemptsIn(
  caseIds: Iterable<string>,
  end: Extract<AttemptEnd, 'HALTED' | 'HOLD_HEARD' | 'CASES_LINKED' | 'CASES_UNLINKED'>,
  { run, now }: TakingIn,
): Promise<void> {
  for (const id of [...new Set(caseIds)].sort()) {
    await run({ procedure: gateProcedure, id, command: { type: 'EndAttempt', end, now } });
  }
}

/**
 * Takes a word on a link in at the gates of both cases: who has to be asked about the person is no longer who was.
 *
 * @throws DomainError LINK.TOO_MANY; StreamMovedError, which is transient
 */
export async function hearLinkAtGate(
  node: Pick<NodeContext, 'handler'>,
  { link, caseId, linkedCaseId, isLinked }: LinkWordHeard,
  turn: TakingIn,
): Promise<void> {
  const { run, now, transaction } = turn;
  const person = new Map<string, GateFile>();
  for (const id of [caseId, linkedCaseId])
    for (const [one, file] of await gatesOfPerson(node, id, transaction)) person.set(one, file);
  const isNewTo = (id: string, other: string) => isNewsOfLink(person.get(id)?.links ?? [], link, other);
  if (isLinked && (isNewTo(caseId, linkedCaseId) || isNewTo(linkedCaseId, caseId)))
    requireFewLinksOfPerson([...person], link, [caseId, linkedCaseId]);
  const type = isLinked ? 'HearCaseLink' : 'HearCaseUnlink';
  let isNews = false;
  for (const [id, other] of bothWays({ caseId, linkedCaseId })) {
    const command = { type, linkedCaseId: other, link, now } as const;
    const { events, state } = await run({ procedure: gateProcedure, id, command });
    isNews ||= events.length > 0;
    // Linked after it was read: what is under way in that case would go on.
    if (state.linkedCaseIds.some((one) => one !== other && person.get(id)?.linkedCaseIds.includes(one) === false))
      throw new StreamMovedError(`${gateProcedure.name}-${id}`, null);
  }
  if (!isNews) return;
  const others = [...person.keys()].filter((id) => id !== caseId && id !== linkedCaseId);
  await endAttemptsIn(others, isLinked ? 'CASES_LINKED' : 'CASES_UNLINKED', turn);
}
