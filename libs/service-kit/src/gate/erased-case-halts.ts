import type { HaltOrderedV1Data } from '@acogida/contracts';
import type { ReceivedEvent } from '@acogida/event-log';
import { erasedCaseHaltsProcedure, type GateFile, gateProcedure } from '@acogida/safeguards';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { dataOf } from '../received-data.ts';
import { type OfOnePerson, ofOnePerson, unlessErased } from '../safeguards/linked-cases.ts';

/** Streams of the gate of all cases of a person; null where the case was erased here. */
export async function gatesUnlessErased(
  { node, transaction }: Pick<KeyTurn, 'node' | 'transaction'>,
  caseId: string,
): Promise<OfOnePerson<GateFile> | null> {
  const file = await unlessErased(node.handler.load(gateProcedure, caseId, transaction));
  return file === null ? null : ofOnePerson(node, gateProcedure, [caseId, file], { transaction });
}

/** Answers a halt for what no case here has any more: else the hold would wait for this gate for ever (S3). */
export async function answerForErasedCase(
  event: ReceivedEvent,
  { caseId, clearanceIds }: { readonly caseId: string; readonly clearanceIds: readonly string[] },
  { node, now, run }: KeyTurn,
): Promise<void> {
  const { source: authority, number, payload } = event;
  const { holdId } = dataOf<HaltOrderedV1Data>(event);
  const halt = { caseId, authority, holdId, clearanceIds, number, orderedAt: payload.occurredAt };
  const toCircle = node.circles === undefined;
  const command = { type: 'AnswerErasedCaseHalt', ...halt, toCircle, now } as const;
  await run({ procedure: erasedCaseHaltsProcedure, id: holdId, command });
}
