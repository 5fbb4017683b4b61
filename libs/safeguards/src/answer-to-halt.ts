import { type Instant, instantAfter } from '@acogida/core';
import type { GateEvent } from './gate-events.ts';
import type { AcknowledgedHalt, Departure, GateFile } from './gate-state.ts';
import type { HaltOutcome } from './hold-ledger-events.ts';

/**
 * A departure that no clearance ties to a halt counts where it was no longer before the hold than this, in milliseconds: who had left before
 * may have come back. A month is more than calendars of agencies differ by, and than a successor takes to place the hold anew.
 */
const MAY_BE_OVERTAKEN_MS = 30 * 24 * 3_600_000;

/** What an authority wants voided. */
export interface HaltToAnswer {
  readonly clearanceIds: readonly string[];
  /** Since when the hold stands, by the authority's calendar; left out in what was written before it was kept. */
  readonly since?: Instant | undefined;
}

/**
 * What a gate answers to a halt: nobody leaves by these clearances, or the person had left by one of them, or lately by none (S3). Where
 * the authority knows of no clearance, any late departure is what it has to hear of.
 */
export function answerToHalt(
  { clearanceIds, since }: HaltToAnswer,
  departures: readonly Departure[],
): { readonly outcome: HaltOutcome; readonly departedAt: Instant | null } {
  const isLate = ({ departedAt }: Departure): boolean =>
    since === undefined || departedAt >= instantAfter(since, -MAY_BE_OVERTAKEN_MS);
  const departure = departures.findLast((one) =>
    one.clearanceIds.length === 0 || clearanceIds.length === 0
      ? isLate(one)
      : one.clearanceIds.some((clearanceId) => clearanceIds.includes(clearanceId)),
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
    const answer = answerToHalt(said, file.departures);
    if (answer.outcome === said.outcome) return [];
    if (answer.outcome === 'DEPARTED' && !mayStand(file, said)) return [];
    return [{ type: 'HaltAcknowledged', data: { ...said, ...answer, acknowledgedAt } }];
  });
}
