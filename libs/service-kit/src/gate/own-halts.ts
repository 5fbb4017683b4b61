import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { answerToOwnHalt, gateProcedure, haltsOfOwnGate, holdLedgerProcedure, type Reading } from '@acogida/safeguards';
import type { DeadlineTurn } from '../deadlines/port.ts';
import type { NodeContext } from '../node-definition.ts';

/** When, and by whom, the own gate answers. */
export interface OwnHalts extends Pick<DeadlineTurn, 'run'> {
  readonly transaction: Transaction;
  readonly caseId: string;
  readonly reading: Reading;
  readonly now: Instant;
}

/**
 * What a halt over the log is to other gates, for the gate of the agency that placed the hold itself, in one transaction: what is
 * under way ends (S1), and the ledger learns that nobody leaves, or that the person had left (S3). Nothing where no hold waits for
 * the own gate.
 *
 * @returns false where a restore is not attested, and whether somebody left may be forgotten here
 */
export async function answerOwnHalts(
  { agencyId: by, handler, raiseAlarm, awaitsAttestation }: NodeContext,
  { transaction, run, caseId: id, reading, now }: OwnHalts,
): Promise<boolean> {
  const { state: ledger } = await handler.load(holdLedgerProcedure, id, transaction);
  const halts = haltsOfOwnGate(ledger, by);
  if (halts.length === 0) return true;
  if (awaitsAttestation?.() === true) return false;
  const end = { type: 'EndAttempt', end: 'HALTED', now } as const;
  const { state: gate } = await run({ procedure: gateProcedure, id, command: end });
  for (const halt of halts) {
    const answer = answerToOwnHalt(halt, gate.departures);
    const command = { type: 'RecordHaltAcknowledgement', by, gate: by, reading, now, ...halt, ...answer } as const;
    const { events } = await run({ procedure: holdLedgerProcedure, id, command });
    alarmOvertaken(raiseAlarm, by, events);
  }
  return true;
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
