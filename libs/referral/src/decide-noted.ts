import { type CommandOf, REQUEST_STEP_OF, type RequestHeard } from './commands.ts';
import type { Referral, ReferralState, ReferralStep } from './referral.ts';
import { existing, isSameValue, refusal, requireActor } from './refusals.ts';
import { ENDING_TABLE, type Ending } from './step-tables.ts';

/**
 * What the receiver hears of the sender (ENDING_TABLE), whatever it did meanwhile: a request that was taken back while it
 * was being accepted is then to be compensated.
 */
export function noteRequest(command: RequestHeard, state: ReferralState): readonly ReferralStep[] {
  const referral = existing(state);
  requireActor(referral, command.by, 'RECEIVER', 'SENDER');
  switch (command.type) {
    case 'NoteEscalation':
      return noteEscalation(command, referral);
    case 'NoteInformation':
      return noteInformation(command, referral);
    case 'NoteCustodyRelease':
      return noteCustodyRelease(command, referral);
    case 'NoteCancellation':
    case 'NoteExpiry':
    case 'NoteEntryError':
    case 'NoteLoopClosure':
      return noteEnding(command, referral);
  }
}

type EndingHeard = CommandOf<'NoteCancellation' | 'NoteExpiry' | 'NoteEntryError' | 'NoteLoopClosure'>;

function noteEnding(command: EndingHeard, referral: Referral): readonly ReferralStep[] {
  const outcome = ENDING_TABLE[referral.requestStatus][REQUEST_STEP_OF[command.type] as Ending];
  if (outcome === 'nothing' || (outcome === 'same' && isKnown(command, referral))) return [];
  if (outcome === 'advance') return [endingNoted(command)];
  throw refusal('REFERRAL.CONTRADICTION', 'it cannot be what the sender says');
}

function isKnown(command: EndingHeard, { cancellation, entryError, closure }: Referral): boolean {
  switch (command.type) {
    case 'NoteCancellation':
      return cancellation === command.reason;
    case 'NoteEntryError':
      return entryError === command.reason;
    case 'NoteLoopClosure': {
      const { outcome, nextReferralId } = command;
      return isSameValue(closure, { outcome, nextReferralId });
    }
    case 'NoteExpiry':
      return true;
  }
}

function endingNoted(command: EndingHeard): ReferralStep {
  const { at } = command;
  switch (command.type) {
    case 'NoteCancellation':
      return { type: 'CancellationNoted', data: { reason: command.reason, cancelledAt: at } };
    case 'NoteExpiry':
      return { type: 'ExpiryNoted', data: { expiredAt: at } };
    case 'NoteEntryError':
      return { type: 'EntryErrorNoted', data: { reason: command.reason, markedAt: at } };
    case 'NoteLoopClosure': {
      const { outcome, nextReferralId } = command;
      return { type: 'LoopClosureNoted', data: { outcome, nextReferralId, closedAt: at } };
    }
  }
}

/** The last of several escalations counts; one that comes late changes nothing. */
function noteEscalation(command: CommandOf<'NoteEscalation'>, { escalation }: Referral): readonly ReferralStep[] {
  const { missed, missedAt, answerBy, at } = command;
  if (escalation !== null && escalation.answerBy >= answerBy) return [];
  return [{ type: 'EscalationNoted', data: { missed, missedAt, answerBy, escalatedAt: at } }];
}

/** Holds are counted: an answer to one that is over, or was changed meanwhile, changes nothing. */
function noteInformation(
  command: CommandOf<'NoteInformation'>,
  { holds, hold, information: known }: Referral,
): readonly ReferralStep[] {
  const { hold: answered, information, attachments, at } = command;
  if (answered > holds) throw refusal('REFERRAL.CONTRADICTION', 'nothing of the kind was asked');
  if (answered < holds || hold === null || known !== null) return [];
  return [{ type: 'InformationNoted', data: { hold: answered, information, attachments, providedAt: at } }];
}

/**
 * Custody comes to the receiver of a transfer alone, and only of one that it accepted: nobody is made custodian unasked. The
 * term is judged by the custody of the case (`custody.ts`).
 */
function noteCustodyRelease(
  command: CommandOf<'NoteCustodyRelease'>,
  { request, times, custodyTerm }: Referral,
): readonly ReferralStep[] {
  const { term, to, at } = command;
  if (!request.transfer || times.acceptedAt === null)
    throw refusal('REFERRAL.CONTRADICTION', 'no transfer was accepted');
  if (to !== request.receiver || (custodyTerm !== null && custodyTerm !== term)) {
    throw refusal('REFERRAL.CONTRADICTION', 'no custody moves by this referral');
  }
  return custodyTerm === term ? [] : [{ type: 'CustodyReleaseNoted', data: { term, releasedAt: at } }];
}
