import { DomainError } from '@acogida/core';
import type { FileComplaint, ProvideEmergencyAssistance, ResolveComplaint } from './case-intake-commands.ts';
import type { CaseIntakeEvent } from './case-intake-events.ts';
import type { CaseIntake } from './case-intake-state.ts';
import { assertPartialDate } from './refusals.ts';
import { isSameFact } from './same-fact.ts';

/** Records assistance in any state: never conditional on status, papers or progress of the case (domain.md 2.1, INV-03). */
export function provideEmergencyAssistance(
  command: ProvideEmergencyAssistance,
  state: CaseIntake,
): readonly CaseIntakeEvent[] {
  const { assistanceId, kind, providedOn } = command;
  assertPartialDate(providedOn, command.at);
  const data = { assistanceId, kind, providedOn };
  const known = state.assistance.find((given) => given.assistanceId === assistanceId);
  if (known === undefined) return [{ type: 'EmergencyAssistanceProvided', data }];
  if (isSameFact(known, data)) return [];
  throw new DomainError('INTAKE.ASSISTANCE_CONTRADICTION', 'conflict', 'this assistance was recorded with other facts');
}

/** Takes a complaint in any state, anonymous or not; it has no effect on the case (domain.md 2.1, SJ 1-v). */
export function fileComplaint(command: FileComplaint, state: CaseIntake): readonly CaseIntakeEvent[] {
  const { complaintId, subject, filedBy } = command;
  const known = state.complaints.find((complaint) => complaint.complaintId === complaintId);
  if (known === undefined) return [{ type: 'ComplaintFiled', data: { complaintId, subject, filedBy } }];
  if (known.subject === subject && known.filedBy === filedBy) return [];
  throw new DomainError('INTAKE.COMPLAINT_CONTRADICTION', 'conflict', 'this complaint was filed with other facts');
}

/** Ends an open complaint once. */
export function resolveComplaint(command: ResolveComplaint, state: CaseIntake): readonly CaseIntakeEvent[] {
  const { complaintId, outcome } = command;
  const known = state.complaints.find((complaint) => complaint.complaintId === complaintId);
  if (known === undefined) {
    throw new DomainError('INTAKE.COMPLAINT_UNKNOWN', 'not-found', 'no such complaint in this case');
  }
  if (known.outcome === outcome) return [];
  if (known.outcome !== null) {
    throw new DomainError('INTAKE.COMPLAINT_ALREADY_RESOLVED', 'conflict', 'the complaint was resolved otherwise');
  }
  return [{ type: 'ComplaintResolved', data: { complaintId, outcome } }];
}
