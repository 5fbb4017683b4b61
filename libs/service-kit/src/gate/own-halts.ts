import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import {
  answerToOwnHalt,
  type Departure,
  gateProcedure,
  haltsOfOwnGate,
  holdLedgerProcedure,
  outdatedOwnAnswers,
  type Reading,
} from '@acogida/safeguards';
import type { DeadlineTurn } from '../deadlines/port.ts';
import type { NodeContext } from '../node-definition.ts';
import { casesAskedFor } from './cases-of-halts.ts';
import { ownLedgersOfPerson, unlessErased } from '../safeguards/linked-cases.ts';
import { gatesOfPerson } from './linked-gates.ts';

/** When, and by whom, the own gate answers. */
export interface OwnHalts extends Pick<DeadlineTurn, 'run'> {
  readonly transaction: Transaction;
  readonly caseId: string;
  readonly reading: Reading;
  readonly now: Instant;
}

/** `answerOwnHalts` of all cases of a person: a hold of any of them waits for what the own gate may have on another. */
export async function answerOwnHaltsOfPerson(node: NodeContext, turn: OwnHalts): Promise<boolean> {
  let isAnswered = true;
  for (const [caseId] of await ownLedgersOfPerson(node, turn.caseId, turn.transaction)) {
    isAnswered = (await answerOwnHalts(node, { ...turn, caseId })) && isAnswered;
  }
  return isAnswered;
}

/**
 * What a halt over the log is to other gates, for the gate of the agency that placed the hold itself, in one transaction: what is
 * under way ends (S1), and the ledger learns that nobody leaves, or that the person had left (S3), also where that has changed since:
 * a departure was taken back, or taken down without a warrant. Nothing where no hold waits for the own gate.
 *
 * @returns false where a restore is not attested, and whether somebody left may be forgotten here
 */
export async function answerOwnHalts(
  node: NodeContext,
  { transaction, run, caseId: id, reading, now }: OwnHalts,
): Promise<boolean> {
  const { agencyId: by, handler, raiseAlarm, awaitsAttestation } = node;
  const { state: ledger } = await handler.load(holdLedgerProcedure, id, transaction);
  const halts = haltsOfOwnGate(ledger, by);
  const answered = ledger.answers.filter(({ gate }) => gate === by);
  if (halts.length === 0 && answered.length === 0) return true;
  if (awaitsAttestation?.() === true) return halts.length === 0;
  const named = [...halts, ...answered].flatMap(({ clearanceIds }) => clearanceIds);
  const departures: Departure[] = [];
  for (const caseId of await casesOfOwnGate(node, id, named, transaction)) {
    const end = { type: 'EndAttempt', end: 'HALTED', now } as const;
    const { state: gate } =
      halts.length === 0
        ? await handler.load(gateProcedure, caseId, transaction)
        : await run({ procedure: gateProcedure, id: caseId, command: end });
    departures.push(...gate.departures);
  }
  for (const halt of [...halts, ...outdatedOwnAnswers(ledger, by, departures)]) {
    const answer = answerToOwnHalt(halt, departures);
    const command = { type: 'RecordHaltAcknowledgement', by, gate: by, reading, now, ...halt, ...answer } as const;
    const { events } = await run({ procedure: holdLedgerProcedure, id, command });
    alarmOvertaken(raiseAlarm, by, events);
  }
  return true;
}

/** Cases of the own gate that may have any of these clearances, or somebody who left: those of the person, and for which they were asked. */
async function casesOfOwnGate(
  node: NodeContext,
  caseId: string,
  clearanceIds: readonly string[],
  transaction: Transaction,
): Promise<readonly string[]> {
  const person = (await gatesOfPerson(node, caseId, transaction)).map(([id]) => id);
  const cases = new Set([...person, ...(await casesAskedFor(transaction, clearanceIds))]);
  const kept: string[] = [];
  for (const id of [...cases].sort()) {
    if ((await unlessErased(node.handler.load(gateProcedure, id, transaction))) !== null) kept.push(id);
  }
  return kept;
}

/** Raises the alarm of each departure that a ledger has just reported as overtaken (S3). */
export function alarmOvertaken(
  raiseAlarm: NodeContext['raiseAlarm'],
  source: string,
  events: readonly { readonly type: string; readonly data: object }[],
): void {
  for (const { type, data } of events) {
    if (type !== 'DepartureOvertaken') continue;
    raiseAlarm?.({ kind: 'overtaken', source, holdIds: (data as { readonly holdIds: readonly string[] }).holdIds });
  }
}
