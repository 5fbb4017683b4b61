import type { ContractDataByType, KnownContractPayload } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import {
  FULFILMENT_STATUSES,
  type FulfilmentStatus,
  MERGE_TABLE,
  type ReferralStatus,
  type RequestStatus,
} from '@acogida/referral';

/** One opened entry of a case, its data at the current version of its type. */
export type CaseEntry = Pick<KnownContractPayload, 'type' | 'data'> & {
  readonly source: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
};

/** How far a referral has come, as told by what both sides published: both axes in one word, by the merge table. */
export type ReferralState = ReferralStatus;

/**
 * One referral of a case. Fields are null when the request itself has not arrived yet. Once it has, only what its sender and
 * its receiver say moves the state, each its own axis: nobody speaks for another agency (architecture.md §6).
 */
export interface ReferralFacts {
  readonly referralId: string;
  readonly service: ContractDataByType['ReferralRequested']['service'] | null;
  readonly sender: string | null;
  readonly receiver: string | null;
  readonly urgency: ContractDataByType['ReferralRequested']['urgency'] | null;
  readonly state: ReferralState;
}

/** The coded facts of one case as far as this node can read it. Never identity. */
export interface CaseFacts {
  /** When the case was opened in the world; when `CaseOpened` is not known here, the earliest record. */
  readonly openedAt: Instant;
  readonly lastRecordedAt: Instant;
  readonly entries: number;
  /** Agencies that recorded something, sorted. */
  readonly agencies: readonly string[];
  /** Last known; DISPUTED where that is ADULT of somebody who was flagged as a child (INV-08). */
  readonly ageStatus: ContractDataByType['PersonRegistered']['ageStatus'] | null;
  readonly sex: ContractDataByType['PersonRegistered']['sex'] | null;
  /** ISO 3166-1 alpha-2, sorted. */
  readonly nationalities: readonly string[];
  /** Flagged as a child, or last known age status is not ADULT: doubt counts as child (INV-08). */
  readonly child: boolean;
  readonly lifeSavingNeed: boolean;
  readonly traffickingFlagged: boolean;
  readonly traffickingSuggested: ContractDataByType['ScreeningConducted']['suggested'] | null;
  readonly traffickingOutcome: ContractDataByType['TraffickingOutcomeRecorded']['outcome'] | null;
  readonly asylumState: 'INTENT_EXPRESSED' | 'LODGED' | 'REGISTERED' | null;
  /** Sorted by referral id. */
  readonly referrals: readonly ReferralFacts[];
}

interface Draft {
  openedAt: Instant | null;
  childFlagged: boolean;
  facts: { -readonly [K in 'ageStatus' | 'sex' | 'nationalities' | 'lifeSavingNeed']: CaseFacts[K] };
  trafficking: {
    flagged: boolean;
    suggested: CaseFacts['traffickingSuggested'];
    outcome: CaseFacts['traffickingOutcome'];
  };
  asylumState: CaseFacts['asylumState'];
  requests: Map<string, Omit<ReferralFacts, 'state'>>;
  said: Saying[];
}

/** What a side of a referral said of it. `hold` counts the holds, and says which of them began or ended. */
type Saying = { readonly referralId: string; readonly source: string } & (
  | { readonly fulfilment: FulfilmentStatus; readonly hold?: number; readonly proxied?: string | null }
  | { readonly request: RequestStatus }
);

/** What an answer to a referral says, as far as it matters here. */
type Answer = { readonly referralId: string; readonly hold?: number; readonly proxied?: string | null };

const ASYLUM_ORDER = ['INTENT_EXPRESSED', 'LODGED', 'REGISTERED'] as const;
/** What a sender says later stands over what it said before. */
const REQUEST_ORDER = ['REQUESTED', 'EXPIRED', 'CANCELLED', 'ENTERED_IN_ERROR', 'LOOP_CLOSED'] as const;

function advanceAsylum(draft: Draft, state: (typeof ASYLUM_ORDER)[number]): void {
  const present = draft.asylumState === null ? -1 : ASYLUM_ORDER.indexOf(draft.asylumState);
  if (ASYLUM_ORDER.indexOf(state) > present) draft.asylumState = state;
}

const NOT_ARRIVED = { service: null, sender: null, receiver: null, urgency: null };

/** How far the receiver is. Of holds the last counts, and a decision is later than any of them. */
function fulfilmentOf(said: readonly Saying[]): FulfilmentStatus {
  const answers = said.flatMap((saying) => ('fulfilment' in saying ? [saying] : []));
  const rank = ({ fulfilment }: { readonly fulfilment: FulfilmentStatus }): number =>
    FULFILMENT_STATUSES.indexOf(fulfilment);
  const furthest = FULFILMENT_STATUSES[Math.max(0, ...answers.map(rank))] ?? 'NONE';
  if (furthest !== 'ON_HOLD') return furthest;
  const last = (status: FulfilmentStatus): number =>
    Math.max(0, ...answers.map(({ fulfilment, hold = 0 }) => (fulfilment === status ? hold : 0)));
  return last('ON_HOLD') > last('ACKNOWLEDGED') ? 'ON_HOLD' : 'ACKNOWLEDGED';
}

function requestOf(said: readonly Saying[]): RequestStatus {
  const places = said.map((saying) =>
    'request' in saying ? (REQUEST_ORDER as readonly string[]).indexOf(saying.request) : 0,
  );
  return REQUEST_ORDER[Math.max(0, ...places)] ?? 'REQUESTED';
}

/** The sender speaks for itself, and takes down what a receiver without a node answered; else the receiver answers itself. */
function isBelieved(saying: Saying, { sender, receiver }: Omit<ReferralFacts, 'state'>): boolean {
  const { source } = saying;
  if ('request' in saying) return [null, source].includes(sender);
  const { proxied = null } = saying;
  return proxied === null
    ? [null, source].includes(receiver)
    : [null, source].includes(sender) && [null, proxied].includes(receiver);
}

/** Only forward: what arrives late, or out of order, must not set a referral back. */
function referralsOf({ requests, said }: Draft): ReferralFacts[] {
  const ids = new Set([...requests.keys(), ...said.map(({ referralId }) => referralId)]);
  return [...ids].sort().map((referralId) => {
    const request = requests.get(referralId) ?? { referralId, ...NOT_ARRIVED };
    const heard = said.filter((saying) => {
      return saying.referralId === referralId && isBelieved(saying, request);
    });
    return { ...request, state: MERGE_TABLE[requestOf(heard)][fulfilmentOf(heard)].status };
  });
}

function includeReferral(draft: Draft, { type, data, source }: CaseEntry & KnownContractPayload): void {
  const answered = ({ referralId, hold = 0, proxied = null }: Answer, fulfilment: FulfilmentStatus): void => {
    draft.said.push({ referralId, source, fulfilment, hold, proxied });
  };
  const ended = (referralId: string, request: RequestStatus): void => {
    draft.said.push({ referralId, source, request });
  };
  switch (type) {
    case 'ReferralRequested': {
      const { referralId, service, sender, receiver, urgency } = data;
      if (sender === source && !draft.requests.has(referralId))
        draft.requests.set(referralId, { referralId, service, sender, receiver, urgency });
      return;
    }
    case 'ReferralAcknowledged':
      return answered(data, 'ACKNOWLEDGED');
    case 'ReferralAccepted':
      return answered(data, 'ACCEPTED');
    case 'ReferralRejected':
      return answered(data, 'REJECTED');
    case 'ReferralCompleted':
      return answered(data, 'COMPLETED');
    case 'ReferralPutOnHold':
      return answered(data, 'ON_HOLD');
    case 'ReferralResumed':
      return answered(data, 'ACKNOWLEDGED');
    case 'ReferralServiceStarted':
      return answered(data, 'IN_PROGRESS');
    case 'ReferralFailed':
      return answered(data, 'FAILED');
    case 'ReferralCancelled':
      return ended(data.referralId, 'CANCELLED');
    case 'ReferralExpired':
      return ended(data.referralId, 'EXPIRED');
    case 'ReferralMarkedInError':
      return ended(data.referralId, 'ENTERED_IN_ERROR');
    case 'ReferralLoopClosed':
      return ended(data.referralId, 'LOOP_CLOSED');
    default:
  }
}

function include(draft: Draft, entry: CaseEntry & KnownContractPayload): void {
  const { type, data, occurredAt } = entry;
  switch (type) {
    case 'CaseOpened':
      draft.openedAt ??= occurredAt;
      return;
    case 'PersonRegistered':
      draft.facts.sex = data.sex;
      draft.facts.ageStatus = data.ageStatus;
      draft.facts.nationalities = data.nationalities;
      return;
    case 'UrgentNeedsScreened':
      draft.facts.lifeSavingNeed ||= data.lifeSaving;
      return;
    case 'AsylumIntentExpressed':
      return advanceAsylum(draft, 'INTENT_EXPRESSED');
    case 'ApplicationLodged':
      return advanceAsylum(draft, 'LODGED');
    case 'ApplicationRegistered':
      return advanceAsylum(draft, 'REGISTERED');
    case 'ChildIdentified':
      draft.childFlagged = true;
      return;
    case 'TraffickingIndicatorFlagged':
      draft.trafficking.flagged = true;
      return;
    case 'ScreeningConducted':
      draft.facts.ageStatus = data.ageStatus;
      draft.trafficking.suggested = data.suggested;
      return;
    case 'TraffickingOutcomeRecorded':
      draft.trafficking.outcome = data.outcome;
      return;
    default: // what is said of a referral, or no fact of the summary: the entry itself is shown
      includeReferral(draft, entry);
  }
}

/**
 * Folds the opened entries of one case, in causal order, into its coded facts: what was said last stands, states of
 * referrals and of the asylum application only advance. An empty list has no facts.
 *
 * @throws RangeError on an empty list
 */
export function caseFactsOf(entries: readonly CaseEntry[]): CaseFacts {
  const instants = entries.map(({ recordedAt }) => recordedAt).sort();
  const [earliest, latest] = [instants[0], instants.at(-1)];
  if (earliest === undefined || latest === undefined) throw new RangeError('a case without entries has no facts');
  const draft: Draft = {
    openedAt: null,
    childFlagged: false,
    facts: { ageStatus: null, sex: null, nationalities: [], lifeSavingNeed: false },
    trafficking: { flagged: false, suggested: null, outcome: null },
    asylumState: null,
    requests: new Map(),
    said: [],
  };
  for (const entry of entries) include(draft, entry as CaseEntry & KnownContractPayload);
  const known = draft.facts.ageStatus;
  const ageStatus = draft.childFlagged && known === 'ADULT' ? 'DISPUTED' : known;
  return {
    openedAt: draft.openedAt ?? earliest,
    lastRecordedAt: latest,
    entries: entries.length,
    agencies: [...new Set(entries.map(({ source }) => source))].sort(),
    ageStatus,
    sex: draft.facts.sex,
    nationalities: [...draft.facts.nationalities].sort(),
    child: draft.childFlagged || (ageStatus !== null && ageStatus !== 'ADULT'),
    lifeSavingNeed: draft.facts.lifeSavingNeed,
    traffickingFlagged: draft.trafficking.flagged,
    traffickingSuggested: draft.trafficking.suggested,
    traffickingOutcome: draft.trafficking.outcome,
    asylumState: draft.asylumState,
    referrals: referralsOf(draft),
  };
}
