import {
  type ConsentCommand,
  consentDecider,
  type ConsentEvent,
  consentOf,
  type CustodyCommand,
  custodyDecider,
  endingWithoutConsent,
  publishReferral,
  type ReferralCommand,
  referralDecider,
  type ReferralEvent,
  type ReferralState,
} from '@acogida/referral';
import { agencyAt, type Setting } from './setting.ts';
import { CONSENT_ID, type CustodyWorld, nodeAt, withNode, type Word } from './world.ts';

/** What is said of an event: the copy for the circle and that for the other side say the same. */
function wordsOf(referralId: string, now: string, event: ReferralEvent, state: ReferralState): readonly Word[] {
  const [word] = publishReferral(event, state);
  if (word === undefined) return [];
  return [{ kind: 'referral', referralId, type: word.type, data: word.data, at: word.occurredAt ?? now }];
}

/** Writes to an agency's stream of a referral, and publishes. */
export function writeReferral(
  world: CustodyWorld,
  index: number,
  referralId: string,
  events: readonly ReferralEvent[],
): CustodyWorld {
  const node = nodeAt(world, index);
  const before = node.referrals[referralId];
  let state: ReferralState = before?.state ?? null;
  const said: Word[] = [];
  for (const event of events) {
    state = referralDecider.evolve(state, event);
    said.push(...wordsOf(referralId, world.now, event, state));
  }
  if (state === null) return world;
  const version = (before?.version ?? 0) + events.length;
  const referrals = { ...node.referrals, [referralId]: { state, version } };
  return withNode(world, index, { referrals, said: [...node.said, ...said] });
}

/** Runs a command on a referral at an agency. @throws DomainError */
export function runReferral(
  { rules }: Setting,
  world: CustodyWorld,
  index: number,
  referralId: string,
  command: ReferralCommand,
): CustodyWorld {
  const state = nodeAt(world, index).referrals[referralId]?.state ?? null;
  return writeReferral(world, index, referralId, rules.decideReferral(command, state));
}

/** Runs a command on the custody of the case at an agency. @throws DomainError */
export function runCustody(
  { rules }: Setting,
  world: CustodyWorld,
  index: number,
  command: CustodyCommand,
): CustodyWorld {
  const { custody: before } = nodeAt(world, index);
  const custody = rules
    .decideCustody(command, before)
    .reduce((state, event) => custodyDecider.evolve(state, event), before);
  return { ...withNode(world, index, { custody }), term: Math.max(world.term, custody?.term ?? 0) };
}

function consentWords(events: readonly ConsentEvent[]): readonly Word[] {
  return events.flatMap((event): Word[] => {
    if (event.type === 'ConsentWithdrawn') return [{ kind: 'withdrawal', event }];
    return event.type === 'WithdrawalAcknowledged' ? [{ kind: 'answer', event }] : [];
  });
}

/** Runs a command on the consents of the case at an agency. @throws DomainError */
export function runConsent(
  { rules }: Setting,
  world: CustodyWorld,
  index: number,
  command: ConsentCommand,
): CustodyWorld {
  const { consents: before, said } = nodeAt(world, index);
  const events = rules.decideConsent(command, before);
  const consents = events.reduce((register, event) => consentDecider.evolve(register, event), before);
  return withNode(world, index, { consents, said: [...said, ...consentWords(events)] });
}

/** Whether an agency knows that the consent was withdrawn. */
export function isWithdrawnAt(world: CustodyWorld, index: number): boolean {
  return consentOf(nodeAt(world, index).consents, CONSENT_ID)?.status === 'WITHDRAWN';
}

/** Ends what rests on the consent, as far as it is open on this side. @throws DomainError */
export function endWithoutConsent(setting: Setting, world: CustodyWorld, index: number): CustodyWorld {
  if (!isWithdrawnAt(world, index)) return world;
  return Object.entries(nodeAt(world, index).referrals).reduce<CustodyWorld>((next, [referralId, { state }]) => {
    const command = endingWithoutConsent(state, agencyAt(setting, index), world.now);
    return command === null ? next : runReferral(setting, next, index, referralId, command);
  }, world);
}
