import { atLedger, guard, ledger, type RemovedGuard, without } from './removing.ts';

/** Guards that two cases of one person need. */
export const GUARDS_OF_LINKED_CASES: Readonly<Record<string, RemovedGuard>> = {
  'a link brings the leases of the other case': guard(
    'linked',
    'S1',
    atLedger('LinkLedger', (command, state) => ledger({ ...command, clearances: [] }, state)),
  ),
  'an open hold waits again when cases are linked': guard(
    'linked',
    'S1',
    atLedger('LinkLedger', (command, state) => ledger(command, state).filter(({ type }) => type !== 'HoldExposed')),
  ),
  'a link brings what was forgotten as well': guard(
    'linkedRestored',
    'S1',
    atLedger('LinkLedger', (command, state) => ledger({ ...command, unknownLeases: null }, state)),
  ),
  'no gate has the last word on what was forgotten of linked cases': guard(
    'linkedRestored',
    'S1',
    atLedger('PlaceHold', (command, state) =>
      ledger(command, state).map((event) => {
        if (event.type !== 'HoldPlaced') return event;
        return { ...event, data: { ...event.data, awaits: event.data.awaits.filter(({ gate }) => gate !== null) } };
      }),
    ),
  ),
  'a clearance of linked cases is written to all their ledgers': without('linked', 'S2', 'CLEARANCE_IN_ALL_LEDGERS'),
  'an open hold of a linked case refuses a clearance': without('linked', 'S2', 'LINKED_HOLDS_REFUSE'),
  'a halt finds the case whose attempt has the clearance': without('linked', 'S1', 'HALT_FINDS_CLEARANCE'),
  'a hold that was heard of stands against linked cases': without('linked', 'INV-02', 'HOLD_HEARD_FOR_LINKED'),
  'the answer of each linked case counts': guard(
    'linkedTwice',
    'S3',
    atLedger('RecordHaltAcknowledgement', (command, state) =>
      state.answers.some(({ gate: one, holdId }) => one === command.gate && holdId === command.holdId)
        ? []
        : ledger(command, state),
    ),
  ),
};
