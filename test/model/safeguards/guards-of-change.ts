import { atGate, atLedger, gate, guard, ledger, type RemovedGuard, without, withoutTimeAlone } from './removing.ts';

/** Guards that are needed where an agency goes, a gate forgets, or the person takes consent back. */
export const GUARDS_OF_CHANGE: Readonly<Record<string, RemovedGuard>> = {
  'a successor takes over what is open': without('succession', 'S3', 'SUCCESSOR_TAKES_OVER'),
  'a successor grants nothing before': without('succession', 'S1', 'SUCCESSOR_TAKES_OVER_FIRST'),
  'whoever is asked in the place of another knows it': without('succession', 'S1', 'SUCCESSOR_KNOWS_ITS_PLACE'),
  'whoever hands a hold over clears nothing while it hears of the next one': without(
    'handedOver',
    'S1',
    'HEARD_HOLDS_REFUSE',
  ),
  'a hold that is taken over waits for leases of its predecessor': guard(
    'succession',
    'S1',
    atLedger('TakeOverHold', (command, state) => ledger({ ...command, unknownLeases: null }, state)),
  ),
  'a successor tells every gate': guard(
    'succession',
    'S3',
    atLedger('TakeOverHold', (command, state) =>
      ledger({ ...command, unknownLeases: command.unknownLeases && { ...command.unknownLeases, gates: [] } }, state),
    ),
  ),
  'a hold that is taken over stands in the place of the one before': guard(
    'succession',
    'INV-19',
    atGate('HearHold', (command, file) => gate({ ...command, takenOverFrom: null }, file)),
  ),
  'holds of a restored ledger wait again': guard(
    'restoredLifted',
    'S1',
    atLedger('ExposeHolds', () => []),
  ),
  'no answer that a copy has ends the wait of a restored hold': guard(
    'restoredElsewhere',
    'S1',
    atLedger('ExposeHolds', (command, state) => withoutTimeAlone(ledger(command, state))),
  ),
  'what went with a database is placed again before anything else': without(
    'restoredLifted',
    'S3',
    'AUTHORITY_PLACES_AGAIN_FIRST',
  ),
  'a halt for what was forgotten names no clearance': guard(
    'restoredTwice',
    'S3',
    atLedger('PlaceHold', (command, state) => {
      const known = state.clearances.map(({ clearanceId }) => clearanceId);
      return ledger(command, state).map((event) =>
        event.type === 'HaltOrdered' ? { ...event, data: { ...event.data, clearanceIds: known } } : event,
      );
    }),
  ),
  'gates are told where the lift of a hold was lost': guard(
    'restoredLifted',
    'S3',
    atLedger('ExposeHolds', (command, state) =>
      ledger({ ...command, unknownLeases: { ...command.unknownLeases, gates: [] } }, state),
    ),
  ),
  'a restored gate awaits an attestation': without('forgetfulElsewhere', 'S1', 'GATE_AWAITS_ATTESTATION'),
  'a restored gate reads the log again before': without('forgetfulElsewhere', 'S1', 'GATE_READS_AGAIN'),
  'a restored gate answers no halt before': without('forgetful', 'S3', 'GATE_LEAVES_HALTS_UNANSWERED'),
  'whoever left is reported anew': without('forgetful', 'S3', 'OFFICER_REPORTS_LEAVINGS'),
  'a withdrawn consent ends the attempt': guard(
    'door',
    'INV-14',
    atGate('EndAttempt', () => []),
  ),
  'nobody asks under a withdrawn consent': without('door', 'INV-14', 'GATE_ASKS_UNDER_CONSENT'),
};
