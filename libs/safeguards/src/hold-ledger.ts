import type { Decider } from '@acogida/core';
import { answerClearance, noteEndedLeases, recordHaltAcknowledgement } from './decide-clearance.ts';
import { exposeHolds } from './decide-exposing.ts';
import { declineLift, handOverHold, liftHold, replaceHold } from './decide-lifting.ts';
import { linkLedger, unlinkLedger } from './decide-linking.ts';
import { placeHold } from './decide-placing.ts';
import type { HoldLedgerCommand } from './hold-ledger-commands.ts';
import { type HoldLedgerEvent, holdLedgerVersions } from './hold-ledger-events.ts';
import { EMPTY_LEDGER, evolveLedger, type HoldLedger } from './hold-ledger-state.ts';
import { repeatHalts } from './unanswered-halts.ts';
import { publishHoldLedger } from './publish.ts';

/**
 * Holds and clearances of one case at one authority, in one stream: so that a hold that is placed and a clearance that is
 * granted at the same moment are decided one after the other (architecture.md §7).
 *
 * Placing is refused to nobody who has the authority (S4): what is out is waited for. Refuses with HOLD.NOT_ITS_AUTHORITY,
 * HOLD.NOT_THE_SUCCESSOR, HOLD.ID_TAKEN, HOLD.UNKNOWN, HOLD.REASON_NOT_OF_KIND, HOLD.SECOND_OFFICER, HOLD.SAME_OFFICER,
 * HOLD.NOT_PROPOSED, HOLD.DOES_NOT_BECOME, HOLD.NOT_THE_NEXT, LEASE.OUT_OF_BOUNDS, HALT.NOT_THE_GATE, HALT.NOT_ASKED, LINK.TOO_MANY.
 */
export const holdLedgerDecider: Decider<HoldLedgerCommand, HoldLedger, HoldLedgerEvent> = {
  initialState: EMPTY_LEDGER,
  decide: (command, state) => {
    switch (command.type) {
      case 'PlaceHold':
      case 'TakeOverHold':
        return placeHold(command, state);
      case 'ReplaceHold':
        return replaceHold(command, state);
      case 'LiftHold':
      case 'ProposeLift':
      case 'ConfirmLift':
        return liftHold(command, state);
      case 'DeclineLift':
        return declineLift(command, state);
      case 'HandOverHold':
        return handOverHold(command, state);
      case 'AnswerClearance':
        return answerClearance(command, state);
      case 'RecordHaltAcknowledgement':
        return recordHaltAcknowledgement(command, state);
      case 'RepeatHalts':
        return repeatHalts(command, state);
      case 'NoteEndedLeases':
        return noteEndedLeases(command, state);
      case 'ExposeHolds':
        return exposeHolds(command, state);
      case 'LinkLedger':
        return linkLedger(command, state);
      case 'UnlinkLedger':
        return unlinkLedger(command, state);
    }
  },
  evolve: evolveLedger,
};

/** The procedure as the edge runs it, on streams `hold-ledger-<caseId>`; fits `ProcedureDefinition` of @acogida/event-store. */
export const holdLedgerProcedure = {
  name: 'hold-ledger',
  decider: holdLedgerDecider,
  versions: holdLedgerVersions,
  upcasters: [],
  publish: publishHoldLedger,
  caseOf: (_: HoldLedger, caseId: string) => caseId,
  /** Placing is never refused (S4), and a hold waits for leases that the restored copy does not know of, as those do that it has. */
  takesUnattested: ({ type }: HoldLedgerCommand) =>
    type === 'PlaceHold' || type === 'ReplaceHold' || type === 'TakeOverHold' || type === 'ExposeHolds',
} as const;
