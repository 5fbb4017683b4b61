import type { Decider, Instant } from '@acogida/core';
import type { AttemptEnd } from '@acogida/reference';
import type { GateCommand, GateCommandOf } from './gate-commands.ts';
import { answersAnew, answerToHalt } from './answer-to-halt.ts';
import { isNewsOfLink, requireFewLinks } from './case-links.ts';
import { type GateEvent, gateVersions } from './gate-events.ts';
import { EMPTY_GATE, evolveGate, type GateFile, type HeardHold, isUnderWay, isWarrantValid } from './gate-state.ts';
import { earliestLeaseMs, judgeDeparture } from './judge-departure.ts';
import { publishGate } from './publish-gate.ts';
import { refusal } from './refusals.ts';

/** Ends what is under way, so that it leads to no departure. */
function ended({ attempt }: GateFile, end: AttemptEnd, endedAt: Instant): readonly GateEvent[] {
  if (!isUnderWay(attempt)) return [];
  return [{ type: 'AttemptEnded', data: { departureId: attempt.departureId, end, endedAt } }];
}

function ask(command: GateCommandOf<'AskForClearance'>, file: GateFile): readonly GateEvent[] {
  const { caseId, departureId, removal, asked, officer, reading, now } = command;
  const isTaken = file.departures.some((one) => one.departureId === departureId);
  if (file.attempt?.departureId === departureId) return [];
  if (isTaken) throw refusal('GATE.DEPARTURE_OVER', 'the person has left by this departure');
  const data = { caseId, departureId, removal, asked, askedFrom: reading, askedBy: officer, askedAt: now };
  return [...ended(file, 'ASKED_AGAIN', now), { type: 'ClearanceAsked', data }];
}

/** Judges on the latest that is known. What was decided stays decided: the command again changes nothing. */
function depart(command: GateCommandOf<'Depart'>, file: GateFile): readonly GateEvent[] {
  const { departureId, answers, situation, reading, now } = command;
  const { attempt } = file;
  if (attempt?.departureId !== departureId) throw refusal('GATE.ATTEMPT_OVER', 'there is a later attempt, or none');
  if (attempt.status !== 'ASKED') return [];
  const mine = answers.filter((answer) => attempt.asked.some(({ clearanceId }) => clearanceId === answer.clearanceId));
  const obstacles = judgeDeparture(file, attempt, mine, situation, reading);
  if (obstacles.length > 0) return [{ type: 'DepartureRefused', data: { departureId, obstacles, refusedAt: now } }];
  const { removal, asked: clearances, askedFrom } = attempt;
  const validUntil = { ...askedFrom, ms: askedFrom.ms + earliestLeaseMs(mine) };
  return [{ type: 'WarrantIssued', data: { departureId, removal, clearances, validUntil, issuedAt: now } }];
}

function confirm(command: GateCommandOf<'ConfirmDeparture'>, { attempt }: GateFile): readonly GateEvent[] {
  const { departureId, officer, reading, now } = command;
  const isMine = attempt?.departureId === departureId;
  if (isMine && attempt.status === 'DEPARTED') return [];
  if (!isMine || !isWarrantValid(attempt, reading)) throw refusal('GATE.NO_WARRANT', 'no warrant is valid: ask again');
  return [{ type: 'DepartureConfirmed', data: { departureId, confirmedBy: officer, departedAt: now } }];
}

/**
 * Ends what is under way, and a departure that is written while the door may still be shut: whoever opens it looks once more. Once
 * is enough.
 */
function endAttempt({ end, now: endedAt }: GateCommandOf<'EndAttempt'>, file: GateFile): readonly GateEvent[] {
  const { attempt } = file;
  const isAtDoor = attempt?.status === 'DEPARTED' && attempt.validUntil !== null && !attempt.isStopped;
  if (!isAtDoor) return ended(file, end, endedAt);
  return [{ type: 'AttemptEnded', data: { departureId: attempt.departureId, end, endedAt } }];
}

/**
 * Only the last departure, and only before the next attempt: whoever has left does not come back by a command. Authorities that were
 * told meanwhile that the person had left hear that it is not so.
 */
function takeBack({ departureId, now }: GateCommandOf<'TakeBackDeparture'>, file: GateFile): readonly GateEvent[] {
  const { attempt } = file;
  if (attempt?.departureId !== departureId || attempt.status !== 'DEPARTED' || attempt.validUntil === null) return [];
  const back: GateEvent = { type: 'DepartureTakenBack', data: { departureId, takenBackAt: now } };
  return [back, ...answersAnew(evolveGate(file, back), now)];
}

/** A fact is never refused, least of all one that should not have been. Whoever was told that nobody leaves hears of it (S3). */
function report(command: GateCommandOf<'ReportUnwarrantedDeparture'>, file: GateFile): readonly GateEvent[] {
  const { departureId, removal, officer, departedAt, now } = command;
  if (file.departures.some((one) => one.departureId === departureId)) return [];
  const data = { departureId, removal, reportedBy: officer, departedAt };
  const reported: GateEvent = { type: 'UnwarrantedDepartureReported', data };
  return [reported, ...answersAnew(evolveGate(file, reported), now)];
}

/** A halt of it was heard first, which does not say whose it was before: what the predecessor said of it is over (INV-19). */
function passedOn(
  { authority, holdId, since, takenOverFrom }: GateCommandOf<'HearHold'>,
  { number, isOpen, takenOverFrom: known }: HeardHold,
): readonly GateEvent[] {
  if (takenOverFrom === null || known !== null) return [];
  const heard: GateEvent = { type: 'HoldHeard', data: { authority, holdId, number, since, takenOverFrom } };
  return isOpen ? [heard] : [heard, { type: 'HoldLiftHeard', data: { authority, holdId, number } }];
}

function hear(
  command: GateCommandOf<'HearHold' | 'HearHoldLifted' | 'RecordHalt'>,
  file: GateFile,
): readonly GateEvent[] {
  const { type, authority, holdId, number } = command;
  const known = file.heard.find((one) => one.authority === authority && one.holdId === holdId);
  if (known !== undefined && known.number >= number) return type === 'HearHold' ? passedOn(command, known) : [];
  if (type === 'HearHoldLifted') return [{ type: 'HoldLiftHeard', data: { authority, holdId, number } }];
  const said = type === 'HearHold' ? command.takenOverFrom : null;
  const takenOverFrom = said ?? known?.takenOverFrom ?? null;
  return [{ type: 'HoldHeard', data: { authority, holdId, number, since: command.since, takenOverFrom } }];
}

/** Whether this word was answered: the copies of one are said at the same time, and one that is said again is answered again. */
function isAnswered(
  { acknowledged }: GateFile,
  { authority, holdId, clearanceIds, number, orderedAt }: GateCommandOf<'RecordHalt'>,
): boolean {
  return acknowledged.some(
    (one) =>
      one.authority === authority &&
      one.holdId === holdId &&
      clearanceIds.every((clearanceId) => one.clearanceIds.includes(clearanceId)) &&
      (one.orderedAt === orderedAt || (one.number ?? 0) >= number),
  );
}

/** Ends what is under way and says so to the authority; if the person has left by its clearance, says that. */
function halt(command: GateCommandOf<'RecordHalt'>, file: GateFile): readonly GateEvent[] {
  const { caseId, authority, holdId, clearanceIds, since, number, orderedAt, isOfLinkedCase, now } = command;
  const isAnothers = ({ authority: other, clearanceId }: { authority: string; clearanceId: string }): boolean =>
    clearanceIds.includes(clearanceId) && other !== authority;
  if (file.attempt?.asked.some(isAnothers) === true)
    throw refusal('HALT.NOT_ITS_CLEARANCE', 'another authority gave that clearance', 'forbidden');
  if (isAnswered(file, command)) return [];
  const alone = command.isToAuthorityAlone === true ? ({ isToAuthorityAlone: true } as const) : {};
  const said = { caseId, authority, holdId, clearanceIds, since, number, orderedAt, ...alone, acknowledgedAt: now };
  return [
    ...(isOfLinkedCase === true ? [] : hear(command, file)),
    ...ended(file, 'HALTED', now),
    { type: 'HaltAcknowledged', data: { ...said, ...answerToHalt(command, file.departures) } },
  ];
}

/** Who was asked, and about which cases, is no longer what has to be asked: whatever is under way ends. */
function hearLink(
  { type, linkedCaseId, link, now }: GateCommandOf<'HearCaseLink' | 'HearCaseUnlink'>,
  file: GateFile,
): readonly GateEvent[] {
  if (!isNewsOfLink(file.links, link, linkedCaseId)) return [];
  requireFewLinks(file.links, { ...link, linkedCaseId, isLinked: type === 'HearCaseLink' });
  const data = { linkedCaseId, link };
  return type === 'HearCaseLink'
    ? [{ type: 'CaseLinkHeard', data }, ...ended(file, 'CASES_LINKED', now)]
    : [{ type: 'CaseUnlinkHeard', data }, ...ended(file, 'CASES_UNLINKED', now)];
}

function decide(command: GateCommand, file: GateFile): readonly GateEvent[] {
  switch (command.type) {
    case 'AskForClearance':
      return ask(command, file);
    case 'Depart':
      return depart(command, file);
    case 'ConfirmDeparture':
      return confirm(command, file);
    case 'TakeBackDeparture':
      return takeBack(command, file);
    case 'ReportUnwarrantedDeparture':
      return report(command, file);
    case 'EndAttempt':
      return endAttempt(command, file);
    case 'RecordHalt':
      return halt(command, file);
    case 'HearHold': {
      const heard = hear(command, file);
      return heard.length === 0 ? [] : [...heard, ...ended(file, 'HOLD_HEARD', command.now)];
    }
    case 'HearHoldLifted':
      return hear(command, file);
    case 'HearCaseLink':
    case 'HearCaseUnlink':
      return hearLink(command, file);
  }
}

/**
 * The gate of one agency for one case: expulsion, refusal of entry, transfer abroad and return departure all come to it
 * (INV-01, INV-02). It fails closed, and says why and what is to be done.
 *
 * Refuses with GATE.DEPARTURE_OVER, GATE.ATTEMPT_OVER, GATE.NO_WARRANT, HALT.NOT_ITS_CLEARANCE, LINK.TOO_MANY.
 */
export const gateDecider: Decider<GateCommand, GateFile, GateEvent> = {
  initialState: EMPTY_GATE,
  decide,
  evolve: evolveGate,
};

/** The procedure as the edge runs it, on streams `gate-<caseId>`; fits `ProcedureDefinition` of @acogida/event-store. */
export const gateProcedure = {
  name: 'gate',
  decider: gateDecider,
  versions: gateVersions,
  upcasters: [],
  publish: publishGate,
  caseOf: (_: GateFile, caseId: string) => caseId,
  /** Whoever left in the time that a restore lost is reported before anybody attests: then halts are answered (S3). */
  takesUnattested: ({ type }: GateCommand) => type === 'ReportUnwarrantedDeparture',
} as const;
