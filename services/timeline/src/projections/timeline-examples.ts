import type { ContractDataByType } from '@acogida/contracts';
import { type ContractType, contractCatalogue } from '@acogida/contracts';
import type { ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';

/** A shared history that the specs of this service use: two cases, three agencies, a directory entry. All invented. */
export const CASE_ID = '0b5c8b1e-6a0d-4d0e-8f5a-1c2d3e4f5a6b';
export const OTHER_CASE_ID = '0b5c8b1e-6a0d-4d0e-8f5a-1c2d3e4f5a6c';
const REFERRAL_ID = '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e';
const SCREENING_ID = '1f0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e';

interface Placed {
  readonly source: string;
  readonly number: number;
  readonly stream: string;
  readonly version: number;
  readonly caseId?: string | null;
  readonly causedBy?: { readonly source: string; readonly id: string };
}

/** The id of an event, made of its place. */
export function eventId(source: string, number: number): string {
  const agency = { 'cr-border-intake': 1, 'cr-conatt': 2, 'regional-directory': 3 }[source] ?? 9;
  return `00000000-0000-4000-800${agency}-${String(number).padStart(12, '0')}`;
}

function received<T extends ContractType>(type: T, data: ContractDataByType[T], placed: Placed): ReceivedEvent {
  const { source, number, stream, version, caseId = CASE_ID, causedBy } = placed;
  const minute = String(number).padStart(2, '0');
  const hour = source === 'cr-border-intake' ? '10' : '12';
  const recordedAt = `2026-11-02T${hour}:${minute}:00.000Z`;
  return {
    id: eventId(source, number),
    source,
    class: contractCatalogue[type].class,
    subject: `${source} ${caseId ?? 'directory'}`,
    number,
    time: recordedAt,
    clockAhead: false,
    payload: {
      type,
      schemaVersion: 1,
      caseId,
      data: data,
      occurredAt: `2026-11-01T${hour}:${minute}:00.000Z`,
      recordedAt,
      stream,
      version,
      publishedHead: '',
      privateHead: '',
      correlationId: 'c0000000-0000-4000-8000-000000000000',
      causation: causedBy ?? null,
      clock: `${Date.parse(recordedAt)}-000000`,
    },
  };
}

const intake = (number: number, caseId = CASE_ID, version = number): Placed => ({
  source: 'cr-border-intake',
  number,
  stream: `case-intake-${caseId}`,
  version,
  caseId,
});
const conatt = (number: number, stream: string, version: number, causedBy?: Placed['causedBy']): Placed => ({
  source: 'cr-conatt',
  number,
  stream,
  version,
  ...(causedBy === undefined ? {} : { causedBy }),
});

const opening = {
  place: 'CR-PASO-CANOAS',
  channel: 'BORDER',
  contactedOn: '2026-11-01',
  entryMode: 'TRANSIT',
} as const;
const person = {
  sex: 'FEMALE',
  ageStatus: 'ADULT',
  ageBand: null,
  dobPrecision: 'UNKNOWN',
  nationalities: ['VE'],
  nationalityStatus: 'DECLARED',
  languages: ['spa'],
} as const;
const assessed = { DR: 'NOT_ASSESSED', CR: 'NOT_ASSESSED', VR: 'NOT_ASSESSED', VD: 'NOT_ASSESSED' } as const;
const requestedId = eventId('cr-border-intake', 4);
const referralStream = `referral-${REFERRAL_ID}`;
const screeningStream = `trafficking-screening-${SCREENING_ID}`;

/** Opened events in the order in which they happened. */
export const history: readonly ReceivedEvent[] = [
  received('CaseOpened', opening, intake(1)),
  received('PersonRegistered', person, intake(2)),
  received('TraffickingIndicatorFlagged', { source: 'OBSERVED', indicators: [] }, intake(3)),
  received(
    'ReferralRequested',
    {
      referralId: REFERRAL_ID,
      sender: 'cr-border-intake',
      receiver: 'cr-conatt',
      service: 'TRAFFICKING_SCREENING',
      urgency: 'URGENT',
      reason: 'TRAFFICKING_SUSPECTED',
      acknowledgeBy: '2026-11-03T10:04:00.000Z',
      consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-02' },
      facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['VE'], nationalityStatus: 'DECLARED' },
      ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
      ...{ custodyTerm: null, causedBy: null, separationReason: null },
    },
    { ...intake(4), stream: referralStream, version: 1 },
  ),
  received('CaseOpened', { ...opening, channel: 'SEA' }, intake(5, OTHER_CASE_ID, 1)),
  received('ChildIdentified', { basis: 'DOUBT', careStatus: 'UNKNOWN' }, intake(6, OTHER_CASE_ID, 2)),
  received(
    'ReferralAcknowledged',
    { referralId: REFERRAL_ID, proxied: null },
    conatt(1, referralStream, 1, { source: 'cr-border-intake', id: requestedId }),
  ),
  received('ReferralAccepted', { referralId: REFERRAL_ID, proxied: null }, conatt(2, referralStream, 2)),
  received('ImmediateSafetySecured', { screeningId: SCREENING_ID }, conatt(3, screeningStream, 1)),
  received(
    'ScreeningConducted',
    {
      screeningId: SCREENING_ID,
      ageStatus: 'ADULT',
      acts: ['TRANSPORT'],
      means: ['THREAT'],
      purposes: ['FORCED_LABOUR'],
      isInternal: false,
      sector: 'A',
      dimensionResults: { ...assessed, EX: 'POSITIVE', CD: 'POSITIVE' },
      suggested: 'PRESUMED',
      ruleVersion: '1',
    },
    conatt(4, screeningStream, 2),
  ),
  received(
    'TraffickingOutcomeRecorded',
    {
      screeningId: SCREENING_ID,
      suggested: 'PRESUMED',
      outcome: 'CONFIRMED',
      reason: 'ELEMENTS_ESTABLISHED',
      secondReviewed: false,
    },
    conatt(5, screeningStream, 3),
  ),
  received(
    'AgencyListed',
    {
      ...{
        agencyId: 'cr-conatt',
        name: 'Coalición',
        kind: 'COUNTER_TRAFFICKING',
        jurisdiction: 'CR',
        status: 'ACTIVE',
      },
      ...{ nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR', participation: 'NODE', successor: null, languages: ['spa'] },
    },
    { source: 'regional-directory', number: 1, stream: 'agency-cr-conatt', version: 1, caseId: null },
  ),
];

/** How the event looks to a node that cannot open it. */
export function sealed({ id, source, class: of, subject, number, time }: ReceivedEvent): UnopenedEvent {
  return { id, source, class: of, subject, number, time, reason: 'unknown-type' };
}
