import type { ReferralCommand } from './commands.ts';
import { withDue } from './deadlines.ts';
import { fulfil, noteAnswer } from './decide-fulfilment.ts';
import { noteRequest } from './decide-noted.ts';
import { draft, receive, request } from './decide-opening.ts';
import { recordProxied } from './decide-proxied.ts';
import { pursue } from './decide-request.ts';
import type { ReferralEvent, ReferralState, ReferralStep } from './referral.ts';

/** Decides a command on a referral. @throws DomainError with a code of README.md */
export function decide(command: ReferralCommand, state: ReferralState): readonly ReferralEvent[] {
  return withDue(stepsOf(command, state), state);
}

function stepsOf(command: ReferralCommand, state: ReferralState): readonly ReferralStep[] {
  switch (command.type) {
    case 'DraftReferral':
      return draft(command, state);
    case 'RequestReferral':
      return request(command, state);
    case 'ReceiveReferral':
      return receive(command, state);
    case 'CancelReferral':
    case 'MarkReferralInError':
    case 'ProvideInformation':
    case 'CloseLoop':
    case 'ReleaseCustody':
    case 'EscalateReferral':
    case 'ExpireReferral':
      return pursue(command, state);
    case 'AcknowledgeReferral':
    case 'PutReferralOnHold':
    case 'ResumeReferral':
    case 'AcceptReferral':
    case 'RejectReferral':
    case 'StartService':
    case 'CompleteReferral':
    case 'FailReferral':
    case 'CompensateCancellation':
      return fulfil(command, state);
    case 'RecordProxiedAnswer':
      return recordProxied(command, state);
    case 'NoteAcknowledgement':
    case 'NoteHold':
    case 'NoteResumption':
    case 'NoteAcceptance':
    case 'NoteRejection':
    case 'NoteServiceStart':
    case 'NoteCompletion':
    case 'NoteFailure':
      return noteAnswer(command, state);
    case 'NoteCancellation':
    case 'NoteExpiry':
    case 'NoteEntryError':
    case 'NoteEscalation':
    case 'NoteInformation':
    case 'NoteLoopClosure':
    case 'NoteCustodyRelease':
      return noteRequest(command, state);
  }
}
