import { DomainError } from '@acogida/core';
import { authoritiesToAsk, isOver, isWarrantValid, mayLeave, outstanding } from '@acogida/safeguards';
import { atGate, atLedger, gate, guard, ledger, type RemovedGuard, without, withoutEnd } from './removing.ts';
import { REAL_RULES, type Rules } from './rules.ts';

/** As if a gate's process went on where it was. */
const sameBoot = <T extends { readonly boot: string }>(reading: T): T => ({ ...reading, boot: '0' });

const forgetsRestarts: Rules = {
  ...atGate('Depart', (command, file) => {
    const attempt = file.attempt && { ...file.attempt, askedFrom: sameBoot(file.attempt.askedFrom) };
    return gate({ ...command, reading: sameBoot(command.reading) }, { ...file, attempt });
  }),
  isWarrantValid: (attempt, now) => {
    const validUntil = attempt?.validUntil && sameBoot(attempt.validUntil);
    return isWarrantValid(attempt && { ...attempt, validUntil: validUntil ?? null }, sameBoot(now));
  },
};

/** Guards that one case of one gate needs, with what the nodes do without each. */
export const GUARDS_OF_ONE_CASE: Readonly<Record<string, RemovedGuard>> = {
  'a clearance is granted on an empty ledger': guard(
    'again',
    'S2',
    atLedger('AnswerClearance', (command, state) => ledger(command, { ...state, holds: [] })),
  ),
  'a request is answered once': guard(
    'again',
    'S2',
    atLedger('AnswerClearance', (command, state) => ledger(command, { ...state, clearances: [], refusals: [] })),
  ),
  'holds and clearances share one stream': without('again', 'S2', 'AUTHORITY_CHECKS_VERSION'),
  'what the gate decided on an older version is not written': without('again', 'INV-02', 'GATE_CHECKS_VERSION'),
  'an authority counts longer than the gate': guard(
    'drift',
    'S1',
    atLedger('AnswerClearance', (command, state) =>
      ledger({ ...command, terms: { ...command.terms, rateErrorPerMille: 0 } }, state),
    ),
  ),
  'the gate counts from before it asks': guard(
    'drift',
    'S1',
    atGate('Depart', (command, file) =>
      gate(command, { ...file, attempt: file.attempt && { ...file.attempt, askedFrom: command.reading } }),
    ),
  ),
  'a gate that starts again drops its leases': guard('restarts', 'S1', forgetsRestarts),
  'an authority that starts again counts its leases anew': guard(
    'restarts',
    'S1',
    atLedger('PlaceHold', (command, state) =>
      ledger(command, {
        ...state,
        clearances: state.clearances.filter(({ count }) => count.from.boot === command.reading.boot),
      }),
    ),
  ),
  'a hold waits for leases that are out': guard(
    'again',
    'S1',
    atLedger('PlaceHold', (command, state) => ledger(command, { ...state, clearances: [] })),
  ),
  'a hold waits for leases that were forgotten': without('restored', 'S1', 'AUTHORITY_COUNTS_FORGOTTEN_LEASES'),
  'every gate is told where leases were forgotten': guard(
    'restored',
    'S3',
    atLedger('PlaceHold', (command, state) =>
      ledger({ ...command, unknownLeases: command.unknownLeases && { ...command.unknownLeases, gates: [] } }, state),
    ),
  ),
  'a hold waits for a gate that does not ask here yet': guard(
    'elsewhere',
    'S1',
    atLedger('PlaceHold', (command, state) => ledger({ ...command, unawareGates: [] }, state)),
  ),
  'placing is never refused': guard(
    'again',
    'S4',
    atLedger('PlaceHold', (command, state) => {
      if (outstanding(state, command.reading).length > 0)
        throw new DomainError('HOLD.TOO_LATE', 'conflict', 'too late');
      return ledger(command, state);
    }),
  ),
  'a halt is ordered': guard(
    'again',
    'S3',
    atLedger('PlaceHold', (command, state) => ledger(command, state).filter(({ type }) => type !== 'HaltOrdered')),
  ),
  'a halt ends a warrant': guard(
    'again',
    'INV-02',
    atGate('RecordHalt', (command, file) =>
      file.attempt?.status === 'WARRANTED' ? withoutEnd(gate(command, file)) : gate(command, file),
    ),
  ),
  'a halt ends an attempt that waits for answers': guard(
    'again',
    'S1',
    atGate('RecordHalt', (command, file) =>
      file.attempt?.status === 'ASKED' ? withoutEnd(gate(command, file)) : gate(command, file),
    ),
  ),
  'only the gate says that its warrant is void': guard(
    'again',
    'S1',
    atLedger('RecordHaltAcknowledgement', (command, state) => {
      const awaited = state.holds.flatMap(({ awaits }) => awaits).find(({ gate: at }) => at !== null);
      return ledger({ ...command, gate: awaited?.gate ?? command.gate }, state);
    }),
  ),
  'a gate that heard of a hold ends its attempt': guard(
    'again',
    'INV-02',
    atGate('HearHold', (command, file) => withoutEnd(gate(command, file))),
  ),
  'a gate that heard of a hold issues no warrant': guard(
    'again',
    'INV-02',
    atGate('Depart', (command, file) =>
      gate(command, { ...file, heard: file.heard.map((one) => ({ ...one, isOpen: false })) }),
    ),
  ),
  'whoever placed a hold is asked': guard('elsewhere', 'INV-02', {
    ...atGate('Depart', (command, file) => gate(command, { ...file, heard: [] })),
    authoritiesToAsk: (file, situation) => authoritiesToAsk({ ...file, heard: [] }, situation),
  }),
  'a missing answer refuses': guard(
    'again',
    'S1',
    atGate('Depart', (command, file) => {
      const known = new Set(command.answers.map(({ clearanceId }) => clearanceId));
      const missing = file.attempt?.asked.filter(({ clearanceId }) => !known.has(clearanceId)) ?? [];
      const granted = missing.map(({ clearanceId }) => ({ clearanceId, outcome: 'GRANTED', leaseMs: 12 }) as const);
      return gate({ ...command, answers: [...command.answers, ...granted] }, file);
    }),
  ),
  'a warrant ends with its earliest lease': guard(
    'unlike',
    'S1',
    atGate('Depart', (command, file) => {
      const leases = command.answers.map((answer) => (answer.outcome === 'GRANTED' ? answer.leaseMs : 0));
      const answers = command.answers.map((answer) => ({ ...answer, leaseMs: Math.max(...leases) }));
      return gate({ ...command, answers }, file);
    }),
  ),
  'nobody leaves without a valid warrant': guard(
    'again',
    'S3',
    atGate('ConfirmDeparture', (command, file) => {
      if (file.attempt === null || file.attempt.status === 'DEPARTED') return gate(command, file);
      const { departureId, officer: confirmedBy, now: departedAt } = command;
      return [{ type: 'DepartureConfirmed', data: { departureId, confirmedBy, departedAt } }];
    }),
  ),
  'the door looks at the clock once the departure is written': guard('drift', 'S1', {
    ...REAL_RULES,
    mayLeave: ({ attempt }, departureId) =>
      attempt?.departureId === departureId && attempt.status === 'DEPARTED' && !attempt.isStopped,
  }),
  'the door stays shut for what was heard once the departure is written': guard('again', 'S1', {
    ...REAL_RULES,
    mayLeave: ({ attempt, ...file }, departureId, now) =>
      mayLeave({ ...file, attempt: attempt && { ...attempt, isStopped: false } }, departureId, now),
  }),
  'a departure that is taken back is told to whoever heard of it': guard(
    'again',
    'S3',
    atGate('TakeBackDeparture', (command, file) =>
      gate(command, file).filter(({ type }) => type !== 'HaltAcknowledged'),
    ),
  ),
  'a departure that was taken back overtakes no hold': guard(
    'again',
    'S3',
    atLedger('RecordHaltAcknowledgement', (command, state) =>
      ledger(command, state).filter(({ type }) => type !== 'OvertakenDepartureTakenBack'),
    ),
  ),
  'of two answers of one stream the later counts, whichever comes first': guard(
    'again',
    'S3',
    atLedger('RecordHaltAcknowledgement', (command, state) => {
      const { word } = command;
      return word === undefined
        ? ledger(command, state)
        : ledger({ ...command, word: { ...word, number: -word.number } }, state);
    }),
  ),
  'a halt that is not answered is said again': without('lossyElsewhere', 'S3', 'HALTS_ARE_SAID_AGAIN'),
  'a hold that time has protected is said to its gate all the same': guard(
    'lossy',
    'S3',
    atLedger('RepeatHalts', (command, state) =>
      ledger(command, state).filter((event) => event.type === 'HaltOrdered' && event.data.clearanceIds.length === 0),
    ),
  ),
  'a halt that is said again is answered again': guard(
    'lossyElsewhere',
    'S3',
    atGate('RecordHalt', (command, file) =>
      file.acknowledged.some(({ holdId }) => holdId === command.holdId) ? [] : gate(command, file),
    ),
  ),
  'a gate says that the person has left': guard(
    'again',
    'S3',
    atGate('RecordHalt', (command, file) => gate(command, { ...file, departures: [] })),
  ),
  'an overtaken departure is reported after the lease as well': guard(
    'drift',
    'S3',
    atLedger('RecordHaltAcknowledgement', (command, state) =>
      state.clearances.some(
        ({ clearanceId, count }) => command.clearanceIds[0] === clearanceId && isOver(count, command.reading),
      )
        ? []
        : ledger(command, state),
    ),
  ),
  'the end of a lease is noted': guard(
    'restored',
    'S3',
    atLedger('NoteEndedLeases', () => []),
  ),
  'a gate answers to its own agency as well': without('own', 'S3', 'OWN_GATE_ANSWERS'),
  'a gate ends its attempt before it answers its own agency': without('own', 'S1', 'OWN_GATE_ENDS_ATTEMPT'),
  'a gate opens the door to nobody whom its own agency holds': without('own', 'INV-02', 'OWN_HOLD_SHUTS_DOOR'),
  'a gate tells its own agency that a departure was taken back': without('own', 'S3', 'OWN_GATE_CORRECTS_ITSELF'),
};
