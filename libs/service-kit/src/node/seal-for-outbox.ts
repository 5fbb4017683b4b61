import { CONTRACT_CLASSES, type ContractType } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import { DIRECTORY_SUBJECT } from '@acogida/event-log';
import type { PublishedFor, SealForOutbox } from '@acogida/event-store';
import {
  type CaseKeySet,
  CaseSealing,
  type KeyLookup,
  lookupOver,
  type Randomness,
  type Sealer,
} from '@acogida/sealing';

const SEALED_CLASSES: ReadonlySet<string> = new Set(CONTRACT_CLASSES.filter((name) => name !== 'directory'));

/**
 * What stops or ends something takes effect here whether or not the other agency can be told at the moment: nobody is refused the
 * withdrawal of a consent because a node far away has published no key. Whoever serves the person reads it with the circle; what
 * is not heard of a referral its deadlines end on the other side as well.
 */
const ENDS_UNHEARD: ReadonlySet<string> = new Set<ContractType>([
  ...(['ConsentWithdrawn', 'WithdrawalAcknowledged', 'ReferralCancelled', 'ReferralExpired'] as const),
  ...(['ReferralEscalated', 'ReferralMarkedInError', 'ReferralRejected', 'ReferralFailed'] as const),
  // An agency that went for good must not keep its partners from saying what became of the person, nor from asking another one.
  ...(['ReferralServiceStarted', 'ReferralCompleted', 'ReferralLoopClosed'] as const),
  // A hold waits for a gate that cannot be told until its leases are over; what it missed is said again when it asks.
  ...(['HoldPlaced', 'HoldLifted', 'HaltOrdered', 'HaltAcknowledged'] as const),
  // Whoever asks about either case without naming the other is told then.
  ...(['CasesLinked', 'CasesUnlinked'] as const),
  // Custody and successions move on beside an agency that is down; its own deadlines end what it does not hear.
  ...(['TransferRequestAnswered', 'TransferRequestWithdrawn'] as const),
]);

type Unsealed = Parameters<SealForOutbox>[0];

/** What stands in clear as it goes out; null: it is to be sealed. @throws RangeError one that can be neither */
function inClear({ class: contractClass, caseId, audience, text }: Unsealed): ReturnType<SealForOutbox> {
  if (contractClass === 'directory' && caseId === null) return { subject: DIRECTORY_SUBJECT, keyId: null, data: text };
  const isForNobody = caseId === null && typeof (audience ?? 'coded') === 'string';
  if (isForNobody || audience === null || !SEALED_CLASSES.has(contractClass)) {
    throw new RangeError(
      `an event of class ${contractClass} cannot be published ${caseId === null ? 'without' : 'with'} a case`,
    );
  }
  return null;
}

/**
 * Seals what an agency publishes with keys that come from one secret of the network, the same for every audience. Directory
 * entries stay in clear (architecture.md §5); nothing else ever does. What one agency alone is to read is left out: all of them
 * read the copy for the circle.
 *
 * @throws RangeError an event of a sealed class without a case, or a directory entry that names one
 */
export function sealForOutbox(sealer: Sealer, agencyId: string): SealForOutbox {
  return (unsealed) => {
    const { id, class: contractClass, caseId, audience, text } = unsealed;
    const clear = inClear(unsealed);
    if (clear !== null) return clear;
    if (caseId === null || (typeof audience === 'object' && audience !== null)) return null;
    return sealer.seal({ id, source: agencyId, class: contractClass, caseId, text });
  };
}

/** What sealing for circles and single agencies is done with. */
export interface CircleSealParts {
  readonly agencyId: string;
  readonly ring: KeyLookup;
  readonly randomness: Randomness;
  /** Lets the ring use the keys that other agencies have now. */
  readonly peers: { keep(): void };
  /** Whether an agency takes part in the network with a node. */
  readonly isMember: (agencyId: string) => boolean;
}

/**
 * Seals with the keys of each case, under the set that it is given, or for one agency alone. An agency without a node reads
 * nothing of the log: there is no copy for it, and none of what ends something for one that nothing can be sealed to.
 *
 * @returns throws RangeError as `sealForOutbox`; DomainError `REFERRAL.RECEIVER_UNREADY` nothing can be sealed to the agency at
 *   the moment; MissingKeyError the case has no open circle here
 */
export function sealForCircles(
  parts: CircleSealParts,
): (setOf: (caseId: string) => CaseKeySet | undefined) => SealForOutbox {
  const { agencyId: agency, ring, randomness } = parts;
  return (setOf) => {
    const sealing = new CaseSealing({ agency, randomness, ring: lookupOver(ring, { current: setOf }) }); // no other open epochs
    return (unsealed) => {
      const clear = inClear(unsealed);
      if (clear !== null) return clear;
      const { id, class: contractClass, type, caseId, text } = unsealed;
      const audience = unsealed.audience as PublishedFor;
      if (typeof audience === 'object' && !mayBeSealedTo(audience, type, parts)) return null;
      return sealing.seal({ id, source: agency, class: contractClass, caseId, audience, text });
    };
  };
}

function mayBeSealedTo(
  { to, under }: Exclude<PublishedFor, string>,
  type: string,
  { ring, peers, isMember }: CircleSealParts,
): boolean {
  if (!isMember(to)) return false;
  peers.keep();
  if (ring.pairKeyTo(to) === undefined || (under === 'offer-key' && ring.offerKeyOf(to) === undefined)) {
    if (ENDS_UNHEARD.has(type)) return false;
    throw new DomainError(
      'REFERRAL.RECEIVER_UNREADY',
      'conflict',
      'nothing can be sealed to this agency at the moment',
    );
  }
  return true;
}
