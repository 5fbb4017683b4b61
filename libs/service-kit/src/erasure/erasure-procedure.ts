import type { Decider } from '@acogida/core';
import type { ProcedureDefinition } from '@acogida/event-store';
import { decideErasure } from './decide-erasure.ts';
import { type ErasureState, evolveErasure, NO_ERASURE } from './erasure.ts';
import type { ErasureCommand } from './erasure-commands.ts';
import type { ErasureEvent } from './erasure-events.ts';
import { erasureUpcasters } from './erasure-upcasters.ts';
import { publishErasure } from './publish.ts';

/** The erasure of one case. */
export const erasureDecider: Decider<ErasureCommand, ErasureState, ErasureEvent> = {
  initialState: NO_ERASURE,
  decide: decideErasure,
  evolve: evolveErasure,
};

/** On streams `erasure-<caseId>`. Of no case at rest: it says after the erasure that there was one. */
export const erasureProcedure: ProcedureDefinition<ErasureCommand, ErasureState, ErasureEvent> = {
  name: 'erasure',
  decider: erasureDecider,
  versions: {
    ErasureOrdered: 2,
    OrderNoted: 1,
    UnknownOrderNoted: 1,
    NothingHeldStated: 1,
    LegalHoldPlaced: 2,
    LegalHoldLifted: 2,
    LegalHoldLapsed: 1,
    WithdrawalsAnswered: 1,
    ErasurePostponed: 2,
    ReviewBroughtForward: 1,
    LocallyErased: 1,
    OfferKeysRetired: 1,
    OfferKeysDestroyed: 1,
    MasterKeyRenewed: 1,
    ErasureFinished: 1,
    ReceiptGiven: 1,
    ReceiptPostponed: 1,
    ReceiptNoted: 1,
    PostponementNoted: 1,
    ErasureCompleted: 1,
  },
  upcasters: erasureUpcasters,
  publish: publishErasure,
  caseOf: () => null,
};
