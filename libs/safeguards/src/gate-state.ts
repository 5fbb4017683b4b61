import type { Instant } from '@acogida/core';
import type { AttemptEnd, Removal } from '@acogida/reference';
import type { AskedClearance, GateEvent, Obstacle } from './gate-events.ts';
import { casesLinkedBy, type HeardLink, withLink } from './case-links.ts';
import type { HaltOutcome } from './hold-ledger-events.ts';
import type { Reading } from './lease.ts';

/** `ASKED` may become any other; `WARRANTED` may end or become a departure; the others are final. */
export type AttemptStatus = 'ASKED' | 'REFUSED' | 'WARRANTED' | 'ENDED' | 'DEPARTED';

/** One attempt to let a person leave. */
export interface Attempt {
  readonly departureId: string;
  readonly removal: Removal;
  readonly asked: readonly AskedClearance[];
  readonly askedFrom: Reading;
  readonly status: AttemptStatus;
  /** Why it was refused. */
  readonly obstacles: readonly Obstacle[];
  /** Why it ended without a departure. */
  readonly end: AttemptEnd | null;
  /** Until when the warrant holds; null where there is none. */
  readonly validUntil: Reading | null;
  /** Something was heard after its departure was written that would have ended it before: the door opens no more. */
  readonly isStopped: boolean;
}

/** A hold of an authority as this gate heard of it. */
export interface HeardHold {
  readonly authority: string;
  readonly holdId: string;
  readonly number: number;
  readonly isOpen: boolean;
  readonly since: Instant | null;
  /** The authority before, which is gone; null otherwise. */
  readonly takenOverFrom: string | null;
}

/** A departure of the person. */
export interface Departure {
  readonly departureId: string;
  /** Clearances that the warrant rested on; none where there was no warrant. */
  readonly clearanceIds: readonly string[];
  readonly departedAt: Instant;
}

/** What this gate answered to a halt. */
export interface AcknowledgedHalt {
  readonly caseId: string;
  readonly authority: string;
  readonly holdId: string;
  readonly clearanceIds: readonly string[];
  readonly outcome: HaltOutcome;
  /** Since when the hold stands; left out in what was written before it was kept. */
  readonly since?: Instant;
  /** Number and time of the word that was answered; left out in what was written before they were kept. */
  readonly number?: number;
  readonly orderedAt?: Instant;
  /** Said to no circle, and so is what corrects it. */
  readonly isToAuthorityAlone?: true;
}

/** What one gate knows of one case. */
export interface GateFile {
  /** The last one: there is never more than one that may lead to a departure. */
  readonly attempt: Attempt | null;
  readonly heard: readonly HeardHold[];
  readonly links: readonly HeardLink[];
  /** By what was heard last of each link. */
  readonly linkedCaseIds: readonly string[];
  readonly departures: readonly Departure[];
  /** The last answer to each halt. */
  readonly acknowledged: readonly AcknowledgedHalt[];
}

/** A gate that nothing was asked of. */
export const EMPTY_GATE: GateFile = {
  ...{ attempt: null, heard: [], links: [], linkedCaseIds: [], departures: [], acknowledged: [] },
};

/** Whether somebody may leave by an attempt at this moment: not after its end, and not in another process. */
export function isWarrantValid(attempt: Attempt | null, now: Reading): boolean {
  if (attempt?.status !== 'WARRANTED' || attempt.validUntil === null) return false;
  return attempt.validUntil.boot === now.boot && now.ms < attempt.validUntil.ms;
}

/**
 * Whether the door may open: asked after the departure was written, because a process may be paused in between for longer
 * than the lease, or until a halt was answered (S1). Where it may not, the departure is taken back (`TakeBackDeparture`).
 */
export function mayLeave({ attempt }: GateFile, departureId: string, now: Reading): boolean {
  if (attempt?.departureId !== departureId || attempt.status !== 'DEPARTED' || attempt.isStopped) return false;
  return isWarrantValid({ ...attempt, status: 'WARRANTED' }, now);
}

/** Whether an attempt may still lead to a departure. */
export function isUnderWay(attempt: Attempt | null): attempt is Attempt {
  return attempt?.status === 'ASKED' || attempt?.status === 'WARRANTED';
}

function withAttempt(file: GateFile, departureId: string, change: Partial<Attempt>): GateFile {
  if (file.attempt?.departureId !== departureId) return file;
  return { ...file, attempt: { ...file.attempt, ...change } };
}

/** What would have ended the attempt before its departure was written: a process that has not opened the door yet leaves it shut. */
function stopped(file: GateFile): GateFile {
  if (file.attempt?.status !== 'DEPARTED') return file;
  return { ...file, attempt: { ...file.attempt, isStopped: true } };
}

/** A hold that a successor took over is its alone, whichever word of the two comes first. */
function withHeard(file: GateFile, heard: HeardHold): GateFile {
  const { authority, holdId, takenOverFrom } = heard;
  const others = file.heard.filter((one) => one.authority !== authority || one.holdId !== holdId);
  const isPassedOn = others.some(
    (one) => one.holdId === holdId && one.takenOverFrom === authority && one.authority !== takenOverFrom,
  );
  const rest = others.map((one) =>
    one.authority === takenOverFrom && one.holdId === holdId ? { ...one, isOpen: false } : one,
  );
  return { ...file, heard: [...rest, { ...heard, isOpen: heard.isOpen && !isPassedOn }] };
}

function isSameHalt(one: AcknowledgedHalt, other: AcknowledgedHalt): boolean {
  const isOfHold = one.authority === other.authority && one.holdId === other.holdId;
  return isOfHold && one.clearanceIds.toSorted().join() === other.clearanceIds.toSorted().join();
}

function departed(file: GateFile, departure: Departure): GateFile {
  const { departureId } = departure;
  return { ...withAttempt(file, departureId, { status: 'DEPARTED' }), departures: [...file.departures, departure] };
}

/** Folds one event into what a gate knows. */
export function evolveGate(file: GateFile, event: GateEvent): GateFile {
  switch (event.type) {
    case 'ClearanceAsked': {
      const { departureId, removal, asked, askedFrom } = event.data;
      const fresh = { status: 'ASKED', obstacles: [], end: null, validUntil: null, isStopped: false } as const;
      return { ...file, attempt: { departureId, removal, asked, askedFrom, ...fresh } };
    }
    case 'DepartureRefused': {
      const { departureId, obstacles } = event.data;
      return withAttempt(file, departureId, { status: 'REFUSED', obstacles });
    }
    case 'WarrantIssued': {
      const { departureId, validUntil } = event.data;
      return withAttempt(file, departureId, { status: 'WARRANTED', validUntil });
    }
    case 'AttemptEnded': {
      const { departureId, end } = event.data;
      const isWritten = file.attempt?.departureId === departureId && file.attempt.status === 'DEPARTED';
      return isWritten ? stopped(file) : withAttempt(file, departureId, { status: 'ENDED', end });
    }
    case 'DepartureConfirmed': {
      const { departureId, departedAt } = event.data;
      const clearanceIds = file.attempt?.asked.map(({ clearanceId }) => clearanceId) ?? [];
      return departed(file, { departureId, clearanceIds, departedAt });
    }
    case 'UnwarrantedDepartureReported': {
      const { departureId, departedAt } = event.data;
      return departed(file, { departureId, clearanceIds: [], departedAt });
    }
    case 'DepartureTakenBack': {
      const { departureId } = event.data;
      const departures = file.departures.filter((one) => one.departureId !== departureId);
      return withAttempt({ ...file, departures }, departureId, { status: 'ENDED', end: 'TOO_LATE' });
    }
    case 'HoldHeard':
      return stopped(withHeard(file, { ...event.data, isOpen: true }));
    case 'HoldLiftHeard': {
      const { authority, holdId } = event.data;
      const before = file.heard.find((one) => one.authority === authority && one.holdId === holdId);
      const takenOverFrom = before?.takenOverFrom ?? null;
      return withHeard(file, { ...event.data, isOpen: false, since: null, takenOverFrom });
    }
    case 'CaseLinkHeard':
    case 'CaseUnlinkHeard': {
      const { linkedCaseId, link } = event.data;
      const links = withLink(file.links, { ...link, linkedCaseId, isLinked: event.type === 'CaseLinkHeard' });
      return stopped({ ...file, links, linkedCaseIds: casesLinkedBy(links) });
    }
    case 'HaltAcknowledged': {
      const { departedAt: _, acknowledgedAt: __, ...answer } = event.data;
      const others = file.acknowledged.filter((one) => !isSameHalt(one, answer));
      return stopped({ ...file, acknowledged: [...others, answer] });
    }
  }
}
