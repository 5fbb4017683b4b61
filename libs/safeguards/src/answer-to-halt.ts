import type { Instant } from '@acogida/core';
import type { GateEvent } from './gate-events.ts';
import type { AcknowledgedHalt, Departure, GateFile } from './gate-state.ts';
import type { HaltOutcome } from './hold-ledger-events.ts';

/**
 * What a gate answers to a halt: nobody leaves by these clearances, or the person had left by one of them, or by none (S3). Where
 * the authority knows of no clearance, any departure is what it has to hear of.
 */
export function answerToHalt(
  clearanceIds: readonly string[],
  departures: readonly Departure[],
): { readonly outcome: HaltOutcome; readonly departedAt: Instant | null } {
  const departure = departures.findLast(
    (one) =>
      one.clearanceIds.length === 0 ||
      clearanceIds.length === 0 ||
      one.clearanceIds.some((clearanceId) => clearanceIds.includes(clearanceId)),
  );
  return departure === undefined
    ? { outcome: 'VOIDED', departedAt: null }
    : { outcome: 'DEPARTED', departedAt: departure.departedAt };
}

/** Of a hold of a linked case nothing is heard in this stream: it may stand. */
function mayStand({ heard }: GateFile, { authority, holdId }: AcknowledgedHalt): boolean {
  return heard.find((one) => one.authority === authority && one.holdId === holdId)?.isOpen !== false;
}

/**
 * Answers that are no longer true once a departure was taken down or taken back, said anew: an authority whose hold stands hears
 * that the person has left (S3), and whoever was told that hears that the person is still there.
 *
 * @param file after the departure was taken down or taken back
 */
export function answersAnew(file: GateFile, acknowledgedAt: Instant): readonly GateEvent[] {
  return file.acknowledged.flatMap((said): GateEvent[] => {
    const answer = answerToHalt(said.clearanceIds, file.departures);
    if (answer.outcome === said.outcome) return [];
    if (answer.outcome === 'DEPARTED' && !mayStand(file, said)) return [];
    return [{ type: 'HaltAcknowledged', data: { ...said, ...answer, acknowledgedAt } }];
  });
}
