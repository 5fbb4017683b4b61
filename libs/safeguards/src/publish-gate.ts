import type { KnownContractEvent } from '@acogida/contracts';
import type { GateEvent } from './gate-events.ts';

/**
 * The answer to a halt, for the circle of the case, whose auditors see who answered when, and for the authority alone. Where several cases
 * of a person answer, only that of the hold speaks to its circle: two pseudonyms at one moment would say whose they are.
 */
export type GateWord = Extract<KnownContractEvent, { type: 'HaltAcknowledged' }> & {
  readonly audience: 'coded' | { readonly to: string; readonly under: 'offer-key' };
};

function answerToHalt({ data }: Extract<GateEvent, { type: 'HaltAcknowledged' }>): readonly GateWord[] {
  const { caseId, authority, holdId, clearanceIds, outcome, departedAt, acknowledgedAt: occurredAt } = data;
  const frame = { class: 'clearance', type: 'HaltAcknowledged', schemaVersion: 1, caseId, occurredAt } as const;
  const word = { ...frame, data: { holdId, authority, clearanceIds: [...clearanceIds], outcome, departedAt } };
  const alone: GateWord = { ...word, audience: { to: authority, under: 'offer-key' } };
  return data.isToAuthorityAlone === true ? [alone] : [{ ...word, audience: 'coded' }, alone];
}

/**
 * The contract events that an event of a gate becomes: its answers to halts. Attempts, who asked, why somebody may not leave and
 * warrants stay at the gate; what was heard of others is theirs to say.
 */
export function publishGate(event: GateEvent): readonly GateWord[] {
  switch (event.type) {
    case 'HaltAcknowledged':
      return answerToHalt(event);
    case 'ClearanceAsked':
    case 'DepartureRefused':
    case 'WarrantIssued':
    case 'AttemptEnded':
    case 'DepartureConfirmed':
    case 'DepartureTakenBack':
    case 'UnwarrantedDepartureReported':
    case 'HoldHeard':
    case 'HoldLiftHeard':
    case 'CaseLinkHeard':
    case 'CaseUnlinkHeard':
      return [];
  }
}
