import { describe, it } from '@jest/globals';
import { RIGHTS_TOPICS } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { caseIntakeDecider } from './case-intake.ts';
import {
  AT,
  adultRegistered,
  assignInterpreter,
  CASE_ID,
  contacted,
  contactedInDetention,
  informed,
  provideRightsInformation,
  recordFirstContact,
} from './case-intake-examples.ts';

const { given } = decides(caseIntakeDecider);

describe('RecordFirstContact', () => {
  it('opens the case with every fact', () => {
    given()
      .when(recordFirstContact)
      .then({
        type: 'FirstContactRecorded',
        data: {
          caseId: CASE_ID,
          place: 'PASO_CANOAS',
          channel: 'BORDER',
          contactedOn: '2026-11-22',
          entryMode: 'IRREGULAR',
          entryOn: '2026-11',
        },
      });
  });

  it('changes nothing when the same contact is recorded again', () => {
    given(contacted).when(recordFirstContact).thenNothing();
  });

  it('refuses other facts for an open case', () => {
    given(contacted)
      .when({ ...recordFirstContact, channel: 'SEA' })
      .thenRefused('INTAKE.CASE_ALREADY_OPEN');
  });

  it.each(['2026', '2026-11', '2026-11-22', null])('takes the date as precisely as it is known: %s', (contactedOn) => {
    given()
      .when({ ...recordFirstContact, contactedOn })
      .then({ type: 'FirstContactRecorded', data: { ...contacted.data, contactedOn } });
  });

  it.each(['2027', '2026-12', '2026-11-23'])('refuses a date after the moment of recording: %s', (date) => {
    given()
      .when({ ...recordFirstContact, contactedOn: date })
      .thenRefused('INTAKE.DATE_IN_FUTURE');
    given()
      .when({ ...recordFirstContact, entryOn: date })
      .thenRefused('INTAKE.DATE_IN_FUTURE');
  });

  it.each(['', '26', '2026-13', '2026-02-30', '22/11/2026'])('refuses what is no date: %s', (contactedOn) => {
    given()
      .when({ ...recordFirstContact, contactedOn })
      .thenRefused('INTAKE.DATE_INVALID');
  });
});

describe('any other command', () => {
  it.each([
    assignInterpreter,
    provideRightsInformation,
    { type: 'ProvideEmergencyAssistance', at: AT, assistanceId: 'a', kind: 'SHELTER', providedOn: null },
    { type: 'FileComplaint', at: AT, complaintId: 'c', subject: 'ABUSE', filedBy: 'ANONYMOUS' },
  ] as const)('is refused where there is no case: $type', (command) => {
    given().when(command).thenRefused('INTAKE.CASE_UNKNOWN');
  });
});

describe('AssignInterpreter', () => {
  const assigned = {
    type: 'InterpreterAssigned',
    data: { interpreterId: 'pool-17', language: 'hat', mode: 'REMOTE' },
  } as const;
  const refused = { type: 'InterpreterRefused', data: { interpreterId: 'pool-17', language: 'hat' } } as const;
  const unavailable = { type: 'InterpreterUnavailable', data: { language: 'hat', mode: 'REMOTE' } } as const;

  it('assigns an independent interpreter', () => {
    given(contacted).when(assignInterpreter).then(assigned);
  });

  it('changes nothing when the interpreter is assigned already', () => {
    given(contacted, assigned).when(assignInterpreter).thenNothing();
  });

  it.each(['RELATIVE', 'CO_TRAVELLER', 'OFFICIAL_OF_ORIGIN'] as const)('INV-18 never assigns a %s', (relation) => {
    given(contacted)
      .when({ ...assignInterpreter, interpreter: { interpreterId: 'pool-17', relation } })
      .thenRefused('INTAKE.INTERPRETER_NOT_INDEPENDENT');
  });

  it('records that the person refuses an interpreter, whoever it is', () => {
    given(contacted)
      .when({
        ...assignInterpreter,
        interpreter: { interpreterId: 'pool-17', relation: 'CO_TRAVELLER' },
        refusedByPerson: true,
      })
      .then(refused);
  });

  it('records a refusal once', () => {
    given(contacted, refused)
      .when({ ...assignInterpreter, refusedByPerson: true })
      .thenNothing();
  });

  it('does not assign an interpreter whom the person refused', () => {
    given(contacted, assigned, refused).when(assignInterpreter).thenRefused('INTAKE.INTERPRETER_REFUSED');
  });

  it('records that no interpreter is available, once', () => {
    given(contacted)
      .when({ ...assignInterpreter, interpreter: null })
      .then(unavailable);
    given(contacted, unavailable)
      .when({ ...assignInterpreter, interpreter: null })
      .thenNothing();
  });

  it('assigns after a gap, and records a new gap afterwards', () => {
    given(contacted, unavailable).when(assignInterpreter).then(assigned);
    given(contacted, unavailable, assigned)
      .when({ ...assignInterpreter, interpreter: null })
      .then(unavailable);
  });
});

describe('ProvideRightsInformation', () => {
  it('INV-18 records language, interpretation, topics and package', () => {
    given(contacted)
      .when(provideRightsInformation)
      .then({
        type: 'RightsInformationProvided',
        data: {
          language: 'spa',
          interpretation: 'NONE_NEEDED',
          interpreterId: null,
          topics: RIGHTS_TOPICS,
          packageVersion: 'cr-spa-2026.1',
        },
      });
  });

  it('refuses a language that the person does not understand', () => {
    given(contacted)
      .when({ ...provideRightsInformation, understood: false })
      .thenRefused('INTAKE.LANGUAGE_NOT_UNDERSTOOD');
  });

  it.each([
    'SEEKING_ASYLUM',
    'VICTIM_RIGHTS',
    'CHILD_RIGHTS',
    'SERVICES',
    'REPORTING_ABUSE',
    'DATA_RIGHTS',
    'COSTS',
  ] as const)('refuses a package without the topic %s', (topic) => {
    given(contacted)
      .when({ ...provideRightsInformation, topics: RIGHTS_TOPICS.filter((other) => other !== topic) })
      .thenRefused('INTAKE.MANDATORY_TOPICS_MISSING');
  });

  it('asks for the rights in detention only there', () => {
    const topics = RIGHTS_TOPICS.filter((topic) => topic !== 'DETENTION_RIGHTS');
    const command = { ...provideRightsInformation, topics };
    given(contacted)
      .when(command)
      .then({ ...informed, data: { ...informed.data, topics } });
    given(contactedInDetention).when(command).thenRefused('INTAKE.MANDATORY_TOPICS_MISSING');
  });

  it.each(['IN_PERSON', 'REMOTE'] as const)('INV-18 wants the interpreter on record for %s interpretation', (mode) => {
    const command = { ...provideRightsInformation, language: 'hat', interpretation: mode };
    given(contacted).when(command).thenRefused('INTAKE.INTERPRETER_NOT_ASSIGNED');
    given(contacted, { type: 'InterpreterAssigned', data: { interpreterId: 'pool-17', language: 'hat', mode } })
      .when(command)
      .then({
        type: 'RightsInformationProvided',
        data: { ...informed.data, language: 'hat', interpretation: mode, interpreterId: 'pool-17' },
      });
  });

  it('INV-18 does not accept an interpreter of another language, nor one whom the person refused', () => {
    const command = { ...provideRightsInformation, language: 'hat', interpretation: 'REMOTE' } as const;
    given(contacted, {
      type: 'InterpreterAssigned',
      data: { interpreterId: 'pool-17', language: 'fra', mode: 'REMOTE' },
    })
      .when(command)
      .thenRefused('INTAKE.INTERPRETER_NOT_ASSIGNED');
    given(
      contacted,
      { type: 'InterpreterAssigned', data: { interpreterId: 'pool-17', language: 'hat', mode: 'REMOTE' } },
      { type: 'InterpreterRefused', data: { interpreterId: 'pool-17', language: 'hat' } },
    )
      .when(command)
      .thenRefused('INTAKE.INTERPRETER_NOT_ASSIGNED');
  });

  it('changes nothing when the same package was given, whatever the order of its stored keys', () => {
    const { packageVersion, topics, language, interpretation, interpreterId } = informed.data;
    given(contacted, {
      type: 'RightsInformationProvided',
      data: { packageVersion, topics, language, interpreterId, interpretation },
    })
      .when(provideRightsInformation)
      .thenNothing();
  });

  it('may be given again in another language at any later stage', () => {
    given(contacted, informed, adultRegistered)
      .when({ ...provideRightsInformation, language: 'fra' })
      .then({ ...informed, data: { ...informed.data, language: 'fra' } });
  });
});
