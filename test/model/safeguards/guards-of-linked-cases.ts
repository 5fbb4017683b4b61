import { openHolds } from '@acogida/safeguards';
import { atGate, atLedger, guard, ledger, type RemovedGuard, without, withoutTimeAlone } from './removing.ts';

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
    atLedger('PlaceHold', (command, state) => withoutTimeAlone(ledger(command, state))),
  ),
  'a link brings what gates may have that do not ask here': guard(
    'linkedElsewhere',
    'S1',
    atLedger('LinkLedger', (command, state) => ledger({ ...command, unawareGates: [] }, state)),
  ),
  'no gate that does not ask here has the last word on an open hold once cases are linked': guard(
    'linkedElsewhere',
    'S1',
    atLedger('LinkLedger', (command, state) => withoutTimeAlone(ledger(command, state))),
  ),
  'no gate that does not ask here has the last word on a hold of linked cases': guard(
    'linkedElsewhere',
    'S1',
    atLedger('PlaceHold', (command, state) => withoutTimeAlone(ledger(command, state))),
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
  'cases that a gate names with its question count': without('linked', 'S2', 'NAMED_CASES_COUNT'),
  'links reach on from case to case': without('linkedChain', 'S2', 'LINKS_REACH_ON'),
  'a link tells the ledgers of all cases of the person': without('linkedChain', 'S1', 'LINK_TELLS_ALL_LEDGERS'),
  'a link ends what is under way in all cases of the person': without(
    'linkedChain',
    'INV-02',
    'LINK_ENDS_ALL_ATTEMPTS',
  ),
  'cases that are two persons’ hold nobody else back': guard(
    'unlinked',
    'INV-19',
    atGate('HearCaseUnlink', () => []),
  ),
  'of two words on a link the later counts, whichever comes first': guard(
    'unlinked',
    'INV-19',
    atLedger('LinkLedger', (command, state) =>
      ledger({ ...command, link: command.link && { ...command.link, revision: 2 } }, state),
    ),
  ),
  'what one agency takes back another goes on saying': guard(
    'unlinked',
    'INV-02',
    atLedger('UnlinkLedger', (command, state) =>
      state.links.flatMap((link) => ledger({ ...command, link: { ...link, revision: 2 } }, state)),
    ),
  ),
  'unlinking lets nothing that waits wait for less': guard(
    'unlinked',
    'S1',
    atLedger('UnlinkLedger', (command, state) => [
      ...ledger(command, state),
      ...openHolds(state).map(({ holdId }) => ({
        type: 'HoldProtected' as const,
        data: { holdId, basis: 'NO_LEASE' as const, protectedAt: command.now },
      })),
    ]),
  ),
};
