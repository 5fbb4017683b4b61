import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import {
  automaticDeadlinesOf,
  type CommandOf,
  type ReferralCommand,
  type ReferralConsent,
  type ReferralEvent,
  type ReferralFacts,
} from '@acogida/referral';
import { decided } from '../exploration/decided.ts';
import type { Step } from '../exploration/explore.ts';
import { deliveriesTo } from './deliveries.ts';
import { agencyAt, type Setting } from './setting.ts';
import { goingAway, hearingOrder } from './succession.ts';
import {
  CASE_ID,
  CONSENT_ID,
  CUSTODIAN,
  type CustodyWorld,
  later,
  nodeAt,
  referralOf,
  spend,
  withNode,
} from './world.ts';
import { endWithoutConsent, isWithdrawnAt, runConsent, writeReferral } from './writing.ts';

const FACTS: ReferralFacts = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
  ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
};
const CONSENT: ReferralConsent = {
  ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-22' },
};

/** The custodian offers its case. */
function request(by: string, receiver: string, now: string): CommandOf<'RequestReferral'> {
  return {
    ...{ type: 'RequestReferral', by, now, referralId: referralOf(receiver), caseId: CASE_ID, receiver },
    ...{ service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED', consent: CONSENT, facts: FACTS },
    ...{ transfer: true, groupId: null, custodyTerm: 1, attachments: [], takenOver: false },
    deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
  };
}

interface StaffStep {
  readonly index: number;
  readonly referralId: string;
  readonly what: string;
  /** How often it may happen is counted with this. */
  readonly counted?: 'cancels' | 'ends';
}

/** Somebody of the staff decides; it is written later. */
function begin(setting: Setting, world: CustodyWorld, step: StaffStep, command: ReferralCommand): Step<CustodyWorld>[] {
  const { index, referralId, what, counted } = step;
  const { pending: before, referrals } = nodeAt(world, index);
  if (before !== null || (counted !== undefined && world.left[counted] === 0)) return [];
  const { state = null, version = 0 } = referrals[referralId] ?? {};
  const events = decided<ReferralEvent>(() => setting.rules.decideReferral(command, state));
  if (events === null) return [];
  const from = counted === undefined ? world : spend(world, counted);
  const next = withNode(from, index, { pending: { what, referralId, version, events } });
  return [{ label: `${agencyAt(setting, index)} decides to ${what} ${referralId}`, isFair: false, next }];
}

function writing({ rules, scenario }: Setting, world: CustodyWorld, index: number): Step<CustodyWorld>[] {
  const { pending, referrals } = nodeAt(world, index);
  if (pending === null) return [];
  const { what, referralId, version, events } = pending;
  const isWritten = (referrals[referralId]?.version ?? 0) === version || rules.broken === 'CHECKS_VERSION';
  const done = withNode(world, index, { pending: null });
  const label = `${scenario.agencies[index]} writes (${what} ${referralId})${isWritten ? '' : ': moved'}`;
  return [{ label, isFair: true, next: isWritten ? writeReferral(done, index, referralId, events) : done }];
}

/** The custodian asks, takes back, and does what is due. */
function senderSteps(setting: Setting, world: CustodyWorld): Step<CustodyWorld>[] {
  const { now } = world;
  const by = agencyAt(setting, CUSTODIAN);
  return setting.scenario.agencies.slice(1).flatMap((receiver) => {
    const referralId = referralOf(receiver);
    const at = { index: CUSTODIAN, referralId };
    const known = nodeAt(world, CUSTODIAN).referrals[referralId];
    if (known === undefined) {
      if (isWithdrawnAt(world, CUSTODIAN)) return [];
      return begin(setting, world, { ...at, what: 'ask' }, request(by, receiver, now));
    }
    const cancel = { type: 'CancelReferral', by, now, reason: 'PERSON_DECLINED' } as const;
    const due = automaticDeadlinesOf(known.state).filter(({ dueAt }) => dueAt <= now);
    const next = due.map(({ kind }) => (kind === 'ANSWER_ESCALATION' ? 'ExpireReferral' : 'EscalateReferral'));
    return [
      ...begin(setting, world, { ...at, what: 'cancel', counted: 'cancels' }, cancel),
      ...next.flatMap((type) => {
        const events = decided(() => setting.rules.decideReferral({ type, by, now }, known.state));
        if (events === null) return [];
        return [
          {
            label: `${type} is due (${referralId})`,
            isFair: true,
            next: writeReferral(world, CUSTODIAN, referralId, events),
          },
        ];
      }),
    ];
  });
}

/** Whoever is asked takes it on, rejects it, or ends what it took on. */
function receiverSteps(setting: Setting, world: CustodyWorld, index: number): Step<CustodyWorld>[] {
  const by = agencyAt(setting, index);
  const referralId = referralOf(by);
  if (nodeAt(world, index).referrals[referralId] === undefined) return [];
  const acting = { by, now: world.now };
  const at = { index, referralId };
  return [
    ...begin(setting, world, { ...at, what: 'acknowledge' }, { type: 'AcknowledgeReferral', ...acting }),
    ...begin(setting, world, { ...at, what: 'accept' }, { type: 'AcceptReferral', ...acting }),
    ...begin(
      setting,
      world,
      { ...at, what: 'reject', counted: 'ends' },
      { type: 'RejectReferral', ...acting, reason: 'NO_CAPACITY', alternativeAgency: null },
    ),
    ...begin(
      setting,
      world,
      { ...at, what: 'end', counted: 'ends' },
      { type: 'FailReferral', ...acting, reason: 'UNREACHABLE' },
    ),
    ...begin(setting, world, { ...at, what: 'give back' }, { type: 'CompensateCancellation', ...acting }),
  ];
}

/** The person withdraws consent at an agency: what rests on it ends there at once. */
function withdrawing(setting: Setting, world: CustodyWorld, index: number): Step<CustodyWorld>[] {
  if (world.left.withdrawals === 0) return [];
  const by = agencyAt(setting, index);
  const said = { caseId: CASE_ID, consentId: CONSENT_ID, form: 'ORAL_WITNESSED', reason: 'NOT_STATED' } as const;
  const spoken = { language: 'spa', interpretation: 'NONE_NEEDED', holdings: { destroyed: [], retained: [] } } as const;
  const command = { type: 'WithdrawConsent', by, now: world.now, ...said, ...spoken } as const;
  const known = runConsent(setting, spend(world, 'withdrawals'), index, command);
  const next = setting.rules.broken === 'ENDS_WITHOUT_CONSENT' ? known : endWithoutConsent(setting, known, index);
  return [{ label: `the person withdraws consent at ${by}`, isFair: false, next }];
}

/** All that may happen next. @throws CounterexampleError */
export function stepsFrom(setting: Setting, world: CustodyWorld): readonly Step<CustodyWorld>[] {
  const each = world.nodes.map((_, index) => index).filter((index) => index !== CUSTODIAN || world.order === null);
  return [
    ...(world.order === null ? senderSteps(setting, world) : []),
    ...goingAway(setting, world),
    ...each.flatMap((index) => hearingOrder(setting, world, index)),
    ...each.filter((index) => index !== CUSTODIAN).flatMap((index) => receiverSteps(setting, world, index)),
    ...each.flatMap((index) => writing(setting, world, index)),
    ...each.flatMap((index) => deliveriesTo(setting, world, index)),
    ...each.flatMap((index) => withdrawing(setting, world, index)),
    ...(world.left.delays > 0 ? [{ label: 'a long time passes', isFair: false, next: later(world) }] : []),
  ];
}
