import {
  authoritiesToAsk,
  type GateCommand,
  gateDecider,
  type GateEvent,
  type GateFile,
  type HoldLedger,
  type HoldLedgerCommand,
  holdLedgerDecider,
  type HoldLedgerEvent,
  isWarrantValid,
  mayLeave,
} from '@acogida/safeguards';

/** What nodes do beside what the deciders decide. */
export type NodeRule =
  /** What was decided on an older version is not written. */
  | 'AUTHORITY_CHECKS_VERSION'
  | 'GATE_CHECKS_VERSION'
  /** A restored authority waits for leases that it may have forgotten. */
  | 'AUTHORITY_COUNTS_FORGOTTEN_LEASES'
  /** And places again what went with its database before it takes anything else of that case. */
  | 'AUTHORITY_PLACES_AGAIN_FIRST'
  /** A restored gate issues no warrant before an officer has attested what was lost. */
  | 'GATE_AWAITS_ATTESTATION'
  /** Nor does it answer a halt: the person may have left. */
  | 'GATE_LEAVES_HALTS_UNANSWERED'
  /** Before that it reads the log again to its end. */
  | 'GATE_READS_AGAIN'
  /** And the officer reports who has left. */
  | 'OFFICER_REPORTS_LEAVINGS'
  /** A successor takes over what is open at its predecessor. */
  | 'SUCCESSOR_TAKES_OVER'
  /** And grants nothing before it has taken over all of it. */
  | 'SUCCESSOR_TAKES_OVER_FIRST'
  /** Asked in the place of another, it knows that it succeeds that one. */
  | 'SUCCESSOR_KNOWS_ITS_PLACE'
  /** A clearance of linked cases is written to all their ledgers. */
  | 'CLEARANCE_IN_ALL_LEDGERS'
  /** Open holds of linked cases stand against it. */
  | 'LINKED_HOLDS_REFUSE'
  /** So do open holds that were heard of another authority: one that is handed over stands where the next one does not protect yet. */
  | 'HEARD_HOLDS_REFUSE'
  /** Cases that the gate names with its question count as linked. */
  | 'NAMED_CASES_COUNT'
  /** Links of linked cases count as well. */
  | 'LINKS_REACH_ON'
  /** A link brings what is out to the ledgers of all cases of the person. */
  | 'LINK_TELLS_ALL_LEDGERS'
  /** At a gate it ends what is under way in all of them. */
  | 'LINK_ENDS_ALL_ATTEMPTS'
  /** A halt goes to the case whose attempt has the clearance. */
  | 'HALT_FINDS_CLEARANCE'
  /** A hold that is heard of stands against linked cases as well. */
  | 'HOLD_HEARD_FOR_LINKED'
  /** The gate of the agency that has the ledger answers to its halts as well. */
  | 'OWN_GATE_ANSWERS'
  /** And ends its attempt in the same transaction. */
  | 'OWN_GATE_ENDS_ATTEMPT'
  /** It opens the door to nobody whom its own agency holds, whether or not it has answered. */
  | 'OWN_HOLD_SHUTS_DOOR'
  /** What its own gate has answered is said anew once a departure was taken back. */
  | 'OWN_GATE_CORRECTS_ITSELF'
  /** A halt that is not answered is said again, and answered again. */
  | 'HALTS_ARE_SAID_AGAIN'
  /** Nobody asks for a departure under a consent that was withdrawn. */
  | 'GATE_ASKS_UNDER_CONSENT';

/** What decides: the real deciders and the rules of nodes, or the same with one guard taken away. */
export interface Rules {
  readonly decideLedger: (command: HoldLedgerCommand, ledger: HoldLedger) => readonly HoldLedgerEvent[];
  readonly decideGate: (command: GateCommand, file: GateFile) => readonly GateEvent[];
  readonly isWarrantValid: typeof isWarrantValid;
  readonly mayLeave: typeof mayLeave;
  readonly authoritiesToAsk: typeof authoritiesToAsk;
  /** The one that nodes do not keep to; null where they keep to all. */
  readonly broken: NodeRule | null;
}

/** Everything as it is. */
export const REAL_RULES: Rules = {
  decideLedger: holdLedgerDecider.decide.bind(holdLedgerDecider),
  decideGate: gateDecider.decide.bind(gateDecider),
  isWarrantValid,
  mayLeave,
  authoritiesToAsk,
  broken: null,
};
