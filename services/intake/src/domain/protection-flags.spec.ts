import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { ENTRY_MODES } from '@acogida/reference';
import { decides } from '@acogida/testing';
import type { CaseIntakeCommand } from './case-intake-commands.ts';
import type { CaseIntakeEvent } from './case-intake-events.ts';
import { caseIntakeDecider } from './case-intake.ts';
import {
  AT,
  adultRegistered,
  contacted,
  informed,
  noUrgentNeeds,
  provideRightsInformation,
  recordFirstContact,
  registerAdult,
  toNeedsScreened,
} from './case-intake-examples.ts';

const { given } = decides(caseIntakeDecider);

const indicator = { list: 'ILO_EC_ADULT_LABOUR', dimension: 'CR', code: 'DOCUMENTS_TAKEN' } as const;
const other = { list: 'ILO_EC_ADULT_LABOUR', dimension: 'CR', code: 'VIOLENCE' } as const;
const intent = { type: 'RecordAsylumIntent', at: AT, expressedOn: '2026-11-22', manner: 'ORAL' } as const;
const child = { type: 'FlagChild', at: AT, basis: 'DOUBT', careStatus: 'UNACCOMPANIED' } as const;
const suspicion = { type: 'FlagTraffickingIndicator', at: AT, source: 'OBSERVED', indicators: [] } as const;
const assistance = {
  type: 'ProvideEmergencyAssistance',
  at: AT,
  assistanceId: '5a0f8f0e-0d53-4f0d-8a51-0a1f6a1f0b01',
  kind: 'MEDICAL',
  providedOn: '2026-11-22',
} as const;
const complaint = {
  type: 'FileComplaint',
  at: AT,
  complaintId: 'b1c94c55-7f1a-4b2f-9f57-0c2f3a7f8a11',
  subject: 'EXTORTION',
  filedBy: 'ANONYMOUS',
} as const;

const intentExpressed = {
  type: 'AsylumIntentExpressed',
  data: { expressedOn: '2026-11-22', manner: 'ORAL' },
} as const;
const childIdentified = {
  type: 'ChildIdentified',
  data: { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' },
} as const;
const suspected = { type: 'TraffickingIndicatorFlagged', data: { source: 'OBSERVED', indicators: [] } } as const;
const assisted = {
  type: 'EmergencyAssistanceProvided',
  data: { assistanceId: assistance.assistanceId, kind: 'MEDICAL', providedOn: '2026-11-22' },
} as const;
const complained = {
  type: 'ComplaintFiled',
  data: { complaintId: complaint.complaintId, subject: 'EXTORTION', filedBy: 'ANONYMOUS' },
} as const;

describe('what is taken in any open state', () => {
  const stages = [1, 2, 3, 4].map((length) => toNeedsScreened.slice(0, length));
  const taken: readonly { command: CaseIntakeCommand; event: CaseIntakeEvent }[] = [
    { command: intent, event: intentExpressed },
    { command: child, event: childIdentified },
    { command: suspicion, event: suspected },
    { command: assistance, event: assisted },
    { command: complaint, event: complained },
  ];

  it.each(taken)('$command.type is, once, and moves nothing', ({ command, event }) => {
    for (const history of stages) {
      given(...history)
        .when(command)
        .then(event);
      given(...history, event)
        .when(command)
        .thenNothing();
      expect(fold(caseIntakeDecider, [...history, event]).stage).toBe(fold(caseIntakeDecider, history).stage);
    }
  });
});

describe('RecordAsylumIntent', () => {
  it('INV-06 takes each further expression', () => {
    given(contacted, intentExpressed)
      .when({ ...intent, manner: 'CONDUCT', expressedOn: null })
      .then({ type: 'AsylumIntentExpressed', data: { expressedOn: null, manner: 'CONDUCT' } });
  });

  it('refuses a date in the future', () => {
    given(contacted)
      .when({ ...intent, expressedOn: '2026-11-23' })
      .thenRefused('INTAKE.DATE_IN_FUTURE');
  });
});

describe('FlagChild', () => {
  it('INV-08 takes back a registration as an adult', () => {
    const state = fold(caseIntakeDecider, [contacted, informed, adultRegistered, childIdentified]);
    expect(state.person?.ageStatus).toBe('DISPUTED');
    expect(state.child).toEqual({ basis: 'DOUBT', careStatus: 'UNACCOMPANIED' });
  });

  it('records a firmer basis and a new care status', () => {
    given(contacted, childIdentified)
      .when({ ...child, basis: 'AGE' })
      .then({ type: 'ChildIdentified', data: { basis: 'AGE', careStatus: 'UNACCOMPANIED' } });
    given(contacted, childIdentified)
      .when({ ...child, careStatus: 'SEPARATED' })
      .then({ type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'SEPARATED' } });
  });

  it('INV-08 a vaguer report takes nothing away', () => {
    given(contacted, { type: 'ChildIdentified', data: { basis: 'AGE', careStatus: 'SEPARATED' } })
      .when({ ...child, basis: 'DOUBT', careStatus: 'UNKNOWN' })
      .thenNothing();
  });
});

describe('FlagTraffickingIndicator', () => {
  it('records the indicators, each once', () => {
    given(contacted)
      .when({ ...suspicion, indicators: [indicator, other, indicator] })
      .then({ type: 'TraffickingIndicatorFlagged', data: { source: 'OBSERVED', indicators: [indicator, other] } });
  });

  it('records a new indicator, and the same from another source', () => {
    const flagged = {
      type: 'TraffickingIndicatorFlagged',
      data: { source: 'OBSERVED', indicators: [indicator] },
    } as const;
    given(contacted, flagged)
      .when({ ...suspicion, indicators: [indicator, other] })
      .then({ type: 'TraffickingIndicatorFlagged', data: { source: 'OBSERVED', indicators: [indicator, other] } });
    given(contacted, flagged)
      .when({ ...suspicion, source: 'SELF', indicators: [indicator] })
      .then({ type: 'TraffickingIndicatorFlagged', data: { source: 'SELF', indicators: [indicator] } });
    given(contacted, flagged)
      .when({ ...suspicion, indicators: [indicator] })
      .thenNothing();
  });

  it.each([
    { ...indicator, code: 'NO_SUCH_INDICATOR' },
    { ...indicator, dimension: 'VD' },
  ] as const)('refuses an indicator that is not in its dimension of the list: $dimension $code', (unknown) => {
    given(contacted)
      .when({ ...suspicion, indicators: [unknown] })
      .thenRefused('INTAKE.INDICATOR_UNKNOWN');
  });
});

describe('ProvideEmergencyAssistance', () => {
  it('refuses other facts under the same id', () => {
    given(contacted, assisted)
      .when({ ...assistance, kind: 'SHELTER' })
      .thenRefused('INTAKE.ASSISTANCE_CONTRADICTION');
  });

  it('refuses a date in the future', () => {
    given(contacted)
      .when({ ...assistance, providedOn: '2027' })
      .thenRefused('INTAKE.DATE_IN_FUTURE');
  });
});

describe('complaints', () => {
  const resolve = {
    type: 'ResolveComplaint',
    at: AT,
    complaintId: complaint.complaintId,
    outcome: 'UPHELD',
  } as const;
  const resolved = {
    type: 'ComplaintResolved',
    data: { complaintId: complaint.complaintId, outcome: 'UPHELD' },
  } as const;

  it.each(['PERSON', 'THIRD_PARTY', 'ANONYMOUS'] as const)('are taken from %s', (filedBy) => {
    given(contacted)
      .when({ ...complaint, filedBy })
      .then({ ...complained, data: { ...complained.data, filedBy } });
  });

  it('refuses other facts under the same id', () => {
    given(contacted, complained)
      .when({ ...complaint, subject: 'ABUSE' })
      .thenRefused('INTAKE.COMPLAINT_CONTRADICTION');
  });

  it('end once, with an outcome', () => {
    given(contacted, complained).when(resolve).then(resolved);
    given(contacted, complained, resolved).when(resolve).thenNothing();
    given(contacted, complained, resolved)
      .when({ ...resolve, outcome: 'NOT_UPHELD' })
      .thenRefused('INTAKE.COMPLAINT_ALREADY_RESOLVED');
    given(contacted).when(resolve).thenRefused('INTAKE.COMPLAINT_UNKNOWN');
  });
});

describe('INV-03 irregular entry or missing documents never bar anything', () => {
  const undocumented = { ...registerAdult, nationalities: [], nationalityStatus: 'UNDETERMINED' } as const;

  it.each(ENTRY_MODES.map((entryMode) => ({ entryMode })))(
    'entry $entryMode is taken like any other',
    ({ entryMode }) => {
      let state = caseIntakeDecider.initialState;
      const commands: readonly CaseIntakeCommand[] = [
        { ...recordFirstContact, entryMode },
        assistance,
        intent,
        child,
        suspicion,
        provideRightsInformation,
        { ...undocumented, dobPrecision: 'UNKNOWN' },
        noUrgentNeeds,
        complaint,
      ];
      for (const command of commands) {
        const events = caseIntakeDecider.decide(command, state);
        expect(events).not.toEqual([]);
        state = fold(caseIntakeDecider, events, state);
      }
      expect(state.stage).toBe('NEEDS_SCREENED');
    },
  );
});
