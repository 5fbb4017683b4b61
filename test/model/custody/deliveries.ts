import { DomainError } from '@acogida/core';
import type { ContractDataByType, ReferralRequestedV2Data } from '@acogida/contracts';
import {
  commandHeard,
  consentOf,
  HEARD_BY,
  type HeardEvent,
  type HeardType,
  isCollectedAt,
  isParty,
  isTakenBack,
  isTakenOn,
  type Referral,
  requestHeard,
} from '@acogida/referral';
import { CounterexampleError } from '../exploration/counterexample.ts';
import type { Step } from '../exploration/explore.ts';
import { agencyAt, type Setting } from './setting.ts';
import { isGood, overhear, recordRelease, succeed } from './succession.ts';
import { CASE_ID, CONSENT_ID, type CustodyWorld, nodeAt, withNode, type Word } from './world.ts';
import { endWithoutConsent, isWithdrawnAt, runConsent, runCustody, runReferral } from './writing.ts';

/** What an agency hears, and where it stands on the topic of whoever says it. */
interface Hearing {
  readonly reader: number;
  readonly source: number;
  /** Number of the word on that topic. */
  readonly number: number;
}

type ReferralWord = Extract<Word, { readonly kind: 'referral' }>;

/** The next word of each agency that an agency has not heard, in the order in which it was said. @throws CounterexampleError */
export function deliveriesTo(setting: Setting, world: CustodyWorld, reader: number): Step<CustodyWorld>[] {
  return world.nodes.flatMap(({ said }, source): Step<CustodyWorld>[] => {
    const { heard } = nodeAt(world, reader);
    const position = heard[source] ?? 0;
    const word = said[position];
    if (source === reader || word === undefined || !isGood(world, reader, source, position + 1)) return [];
    const name = word.kind === 'referral' ? `${word.type} (${word.referralId})` : word.kind;
    const label = `${agencyAt(setting, reader)} hears of ${agencyAt(setting, source)}: ${name}`;
    const positions = heard.map((one, at) => (at === source ? position + 1 : one));
    try {
      const taken = take(setting, world, { reader, source, number: position + 1 }, word);
      return [{ label, isFair: true, next: withNode(taken, reader, { heard: positions }) }];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new CounterexampleError('SILENCE', `an event is quarantined (${error.code}): ${label}`);
    }
  });
}

function take(setting: Setting, world: CustodyWorld, hearing: Hearing, word: Word): CustodyWorld {
  if (word.kind !== 'referral') return takeConsent(setting, world, hearing, word);
  if (word.type === 'ReferralRequested') return takeRequest(setting, world, hearing, word);
  if (word.type === 'CustodyReleased') return takeRelease(setting, world, hearing, word);
  const state = nodeAt(world, hearing.reader).referrals[word.referralId]?.state;
  if (state?.side !== HEARD_BY[word.type as HeardType]) return world;
  const noted = note(setting, world, hearing, word);
  return word.type === 'ReferralAccepted' ? giveAway(setting, noted, hearing.reader, word.referralId) : noted;
}

function note(setting: Setting, world: CustodyWorld, { reader, source }: Hearing, word: ReferralWord): CustodyWorld {
  const { type, data, at: occurredAt } = word;
  const command = commandHeard({ type, data, occurredAt } as unknown as HeardEvent, agencyAt(setting, source));
  return runReferral(setting, world, reader, word.referralId, command);
}

function takeRequest(
  setting: Setting,
  world: CustodyWorld,
  { reader, source }: Hearing,
  word: ReferralWord,
): CustodyWorld {
  const said = word.data as unknown as ReferralRequestedV2Data;
  const by = agencyAt(setting, reader);
  if (said.receiver !== by) return world;
  const request = requestHeard(said, { caseId: CASE_ID, requestedAt: word.at });
  const command = { type: 'ReceiveReferral', by, publishedBy: agencyAt(setting, source), request } as const;
  const taken = runReferral(setting, world, reader, word.referralId, command);
  const received = setting.rules.broken === 'REMEMBERS_SUCCESSION' ? taken : succeed(setting, taken, reader);
  return setting.rules.broken === 'RETURNS_LATE_REQUEST' ? received : endWithoutConsent(setting, received, reader);
}

/** The custodian that sees its transfer accepted gives the case away; where it went elsewhere, the transfer is superseded. */
function giveAway(setting: Setting, world: CustodyWorld, index: number, referralId: string): CustodyWorld {
  const { referrals, custody } = nodeAt(world, index);
  const { state } = referrals[referralId] as { state: Referral };
  if (state.custodyTerm !== null || !isTakenOn(state) || isTakenBack(state)) return world;
  const by = agencyAt(setting, index);
  const { now } = world;
  if (custody?.holder !== by)
    return runReferral(setting, world, index, referralId, { type: 'CancelReferral', by, now, reason: 'SUPERSEDED' });
  const term = custody.term + 1;
  const release = { referralId, term, from: by, to: state.request.receiver, number: null, at: now };
  const recorded =
    setting.rules.broken === 'RECORDS_RELEASE'
      ? world
      : runCustody(setting, world, index, { type: 'RecordRelease', caseId: CASE_ID, ...release });
  return runReferral(setting, recorded, index, referralId, { type: 'ReleaseCustody', by, now, term });
}

/** The receiver takes the case over; whoever else knows who has it follows, as far as that counts. */
function takeRelease(setting: Setting, world: CustodyWorld, hearing: Hearing, word: ReferralWord): CustodyWorld {
  const { reader, source, number } = hearing;
  const { referralId, term, to } = word.data as unknown as ContractDataByType['CustodyReleased'];
  const release = { referralId, term, from: agencyAt(setting, source), to, number, at: word.at };
  const { referrals } = nodeAt(world, reader);
  if (referrals[referralId]?.state.side !== 'RECEIVER') return overhear(setting, world, reader, release);
  return recordRelease(setting, note(setting, world, hearing, word), reader, release);
}

function takeConsent(
  setting: Setting,
  world: CustodyWorld,
  { reader, source }: Hearing,
  { event }: Extract<Word, { readonly kind: 'withdrawal' | 'answer' }>,
): CustodyWorld {
  const by = agencyAt(setting, source);
  if (event.type === 'WithdrawalAcknowledged') {
    const { consentId, destroyed, retained, acknowledgedAt: at } = event.data;
    const record = consentOf(nodeAt(world, reader).consents, CONSENT_ID);
    if (record === undefined || !isCollectedAt(record, agencyAt(setting, reader))) return world;
    const said = { by, at, caseId: CASE_ID, consentId, destroyed, retained };
    return runConsent(setting, world, reader, { type: 'NoteWithdrawalAcknowledgement', ...said });
  }
  if (event.type !== 'ConsentWithdrawn') return world;
  const known = runConsent(setting, world, reader, { type: 'NoteWithdrawal', ...event.data });
  const ended = setting.rules.broken === 'ENDS_WITHOUT_CONSENT' ? known : endWithoutConsent(setting, known, reader);
  return answerWithdrawal(setting, ended, reader);
}

/** Says what an agency keeps, where the consent is its business. */
function answerWithdrawal(setting: Setting, world: CustodyWorld, index: number): CustodyWorld {
  const by = agencyAt(setting, index);
  const record = consentOf(nodeAt(world, index).consents, CONSENT_ID);
  if (record === undefined || !isParty(record, by) || !isWithdrawnAt(world, index)) return world;
  if (setting.rules.broken === 'ANSWERS_WITHDRAWAL') return world;
  const said = { by, now: world.now, consentId: CONSENT_ID, caseId: CASE_ID, destroyed: [], retained: [] };
  return runConsent(setting, world, index, { type: 'AcknowledgeWithdrawal', ...said });
}
