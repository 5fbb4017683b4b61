import { DomainError } from '@acogida/core';
import { DEFAULT_REFERRAL_DEADLINES, type ReferralService } from '@acogida/reference';
import {
  type CommandOf,
  custodyProcedure,
  type FulfilmentStep,
  MERGE_TABLE,
  type Referral,
  type ReferralCommand,
  referralProcedure,
  type RequestStep,
} from '@acogida/referral';
import { referralIdOf } from '@acogida/service-kit';
import { type ChoiceTape, CRASH_POINTS } from '@acogida/testing';
import { deliverAll, lookAll } from './rest.ts';
import { AGENCIES } from './simulated-agencies.ts';
import { type AskedReferral, NodeEndedError, type SimulatedWorld } from './simulated-world.ts';

const SERVICES: readonly ReferralService[] = ['TRAFFICKING_SCREENING', 'SHELTER'];
const URGENCIES = ['LIFE_SAVING', 'URGENT', 'ROUTINE'] as const;
const MOST_REFERRALS = 6;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Mostly short: when days pass, what waits expires. */
const ADVANCES_MS = [1, 5 * MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 90 * MINUTE_MS, 30 * 60 * MINUTE_MS, 10 * DAY_MS];

/** An offer key opens for a fortnight after its week, and is published anew only by a node that looks what is due. */
const LONGEST_DELAY_MS = 11 * DAY_MS;

/** Where a reader is delivered to, beside its position: mostly there, at times again, at times too far on. */
const BESIDE = [0, 0, 0, -1, -3, 1];

type Unsaid<C> = C extends { readonly by: string; readonly now: string } ? Omit<C, 'by' | 'now'> : never;

const OF_RECEIVER: Readonly<Record<FulfilmentStep, readonly Unsaid<ReferralCommand>[]>> = {
  ACKNOWLEDGE: [{ type: 'AcknowledgeReferral' }],
  HOLD: [
    { type: 'PutReferralOnHold', reason: 'WAITLIST', information: [], expectedBy: null },
    { type: 'PutReferralOnHold', reason: 'INFORMATION_REQUESTED', information: ['HEALTH'], expectedBy: null },
  ],
  RESUME: [{ type: 'ResumeReferral' }],
  ACCEPT: [{ type: 'AcceptReferral' }],
  REJECT: [{ type: 'RejectReferral', reason: 'NO_CAPACITY', alternativeAgency: null }],
  START: [{ type: 'StartService' }],
  COMPLETE: [{ type: 'CompleteReferral', result: 'SERVICE_PROVIDED' }],
  FAIL: [{ type: 'FailReferral', reason: 'UNREACHABLE' }, { type: 'CompensateCancellation' }],
};

/** What the policies and deadlines of a node do themselves, and drafts, which nobody else hears of. */
type OfNoStaff = 'SEND' | 'RELEASE_CUSTODY' | 'ESCALATE' | 'EXPIRE';
/** What ends a referral early: only now and then, so that others get far. */
const ENDING: readonly (RequestStep | FulfilmentStep)[] = ['CANCEL', 'MARK_IN_ERROR', 'REJECT', 'FAIL', 'CLOSE_LOOP'];

const OF_SENDER: Readonly<Record<Exclude<RequestStep, OfNoStaff>, readonly Unsaid<ReferralCommand>[]>> = {
  CANCEL: [{ type: 'CancelReferral', reason: 'PERSON_DECLINED' }],
  MARK_IN_ERROR: [{ type: 'MarkReferralInError', reason: 'WRONG_RECEIVER' }],
  INFORM: [{ type: 'ProvideInformation', information: ['HEALTH'], attachments: [] }],
  CLOSE_LOOP: [
    { type: 'CloseLoop', outcome: 'NEED_MET', nextReferralId: null },
    { type: 'CloseLoop', outcome: 'CONTINUES_HERE', nextReferralId: null },
  ],
};
const ANY_OF_RECEIVER = Object.values(OF_RECEIVER).flat();
const ANY_OF_SENDER = [
  ...Object.values(OF_SENDER).flat(),
  ...([{ type: 'EscalateReferral' }, { type: 'ExpireReferral' }] as const),
];

/** The next thing that happens, as the tape chooses. */
export async function takeStep(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  try {
    const kind = tape.next(20);
    if (kind < 4) await carry(world, tape);
    else if (kind < 9) await passOn(world, tape);
    else if (kind < 15) await act(world, tape);
    else if (kind < 17) await ask(world, tape);
    else if (kind < 19) await letTimePass(world, tape);
    else armCrash(world, tape);
  } catch (error) {
    if (error instanceof NodeEndedError) return;
    if (!(error instanceof DomainError)) throw error;
    world.story.push(`refused: ${error.code}`);
  }
}

/** One agency hears all that another has said until now. */
async function carry(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  const senders = AGENCIES.filter((agencyId) => world.node(agencyId).hasToPublish);
  const waiting = world.waiting();
  if (senders.length + waiting.length === 0) return;
  const source = tape.oneOf([...senders, ...waiting.map((pair) => pair.source)]);
  const others = AGENCIES.filter((agencyId) => agencyId !== source);
  const partners = others.filter((agencyId) => world.referrals.some((asked) => isBetween(asked, source, agencyId)));
  const reader = tape.oneOf(partners.length === 0 || tape.once(4) ? others : partners);
  world.story.push(`${reader} hears all of ${source}`);
  await world.run(source, (node) => node.sequence());
  await world.run(source, (node) => node.publish());
  await world.deliver(reader, source, world.positionOf(reader, source), 500);
}

function isBetween({ sender, receiver }: AskedReferral, one: string, other: string): boolean {
  return (sender === one && receiver === other) || (sender === other && receiver === one);
}

/** Something moves on its way between the nodes: it is numbered, published, delivered, or delivered once more. */
async function passOn(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  const senders = AGENCIES.filter((agencyId) => world.node(agencyId).hasToPublish);
  const waiting = world.waiting();
  if (senders.length + waiting.length === 0) {
    await redeliver(world, tape);
    return;
  }
  const choice = tape.next(senders.length + waiting.length);
  const sender = senders[choice];
  if (sender !== undefined) {
    await world.run(sender, (node) => node.sequence());
    if (!tape.once(4)) await world.run(sender, (node) => node.publish());
    world.story.push(`${sender} publishes`);
    return;
  }
  const { reader, source } = waiting[choice - senders.length] as (typeof waiting)[number];
  const position = world.positionOf(reader, source);
  const from = Math.max(0, position + tape.oneOf(BESIDE));
  world.story.push(`${reader} reads ${source} from ${from}`);
  await world.deliver(reader, source, from, 1 + tape.next(6));
}

async function redeliver(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  const reader = tape.oneOf(AGENCIES);
  const source = tape.oneOf(AGENCIES.filter((agencyId) => agencyId !== reader));
  const from = Math.max(0, world.positionOf(reader, source) - 1 - tape.next(5));
  await world.deliver(reader, source, from, 1 + tape.next(4));
}

/** An agency does something with a referral that it knows: usually something that it may. */
async function act(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  if (world.referrals.length === 0) {
    await ask(world, tape);
    return;
  }
  const asked = tape.oneOf(world.referrals);
  // The receiver has more to do, and whoever has nothing to do lets the other.
  const sides = tape.once(3) ? [asked.sender, asked.receiver] : [asked.receiver, asked.sender];
  for (const agencyId of sides) if (await actOn(world, tape, agencyId, asked.referralId)) return;
}

/** Whether there was something to do. */
async function actOn(world: SimulatedWorld, tape: ChoiceTape, agencyId: string, referralId: string): Promise<boolean> {
  const state = await world.referralAt(agencyId, referralId);
  if (state === null) return false;
  const commands = tape.once(12) ? anyOf(state) : allowedBy(state, tape.once(4));
  if (commands.length === 0) return false;
  const command = { ...tape.oneOf(commands), by: agencyId, now: world.clock.now() } as ReferralCommand;
  world.story.push(`${agencyId}: ${command.type} ${referralId.slice(0, 4)}`);
  await execute(world, agencyId, referralId, command);
  return true;
}

function allowedBy({ side, requestStatus, fulfilment }: Referral, mayEnd: boolean): readonly Unsaid<ReferralCommand>[] {
  const { next } = MERGE_TABLE[requestStatus][fulfilment];
  const isWanted = (step: RequestStep | FulfilmentStep): boolean => mayEnd || !ENDING.includes(step);
  if (side === 'RECEIVER') return next.RECEIVER.filter(isWanted).flatMap((step) => OF_RECEIVER[step]);
  return next.SENDER.filter(isWanted).flatMap((step) => {
    if (step === 'SEND' || step === 'RELEASE_CUSTODY' || step === 'ESCALATE' || step === 'EXPIRE') return [];
    return OF_SENDER[step];
  });
}

function anyOf({ side }: Referral): readonly Unsaid<ReferralCommand>[] {
  return side === 'RECEIVER' ? ANY_OF_RECEIVER : ANY_OF_SENDER;
}

async function execute(
  world: SimulatedWorld,
  agencyId: string,
  referralId: string,
  command: ReferralCommand,
): Promise<void> {
  const correlationId = world.ids.uuid();
  await world.run(agencyId, (node) =>
    node.handler.execute({
      ...{ procedure: referralProcedure, id: referralId, command, correlationId, causation: null },
      actor: `${agencyId}.caseworker`,
    }),
  );
}

/** Somebody refers a case that it knows, now and then for good. */
async function ask(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  if (world.referrals.length >= MOST_REFERRALS) return;
  const moved: string[] = [];
  for (const one of world.cases) {
    if (![undefined, world.ownerOf(one)].includes(await custodianOf(world, one))) moved.push(one);
  }
  // A case that has moved may move on.
  const caseId = tape.oneOf(moved.length === 0 || tape.once(2) ? world.cases : moved);
  const knows = await knowing(world, caseId);
  const custodian = await custodianOf(world, caseId);
  const sender = custodian === undefined || tape.once(3) ? tape.oneOf(knows) : custodian;
  const receiver = tape.oneOf(AGENCIES.filter((agencyId) => agencyId !== sender));
  const service = tape.oneOf(SERVICES);
  const question = { sender, receiver, service, caseId };
  const ordinal = world.referrals.filter((asked) => isSameQuestion(asked, question)).length;
  const referralId = referralIdOf(question, ordinal);
  const transfer = !tape.once(3);
  const urgency = tape.oneOf(URGENCIES);
  if (transfer) await openCustody(world, sender, caseId);
  world.story.push(`${sender} asks ${receiver} ${referralId.slice(0, 4)}${transfer ? ', transfer' : ''}`);
  world.referrals.push({ referralId, ...question });
  const command: CommandOf<'RequestReferral'> = {
    ...{ type: 'RequestReferral', by: sender, now: world.clock.now(), referralId, ...question, urgency, transfer },
    reason: 'TRAFFICKING_SUSPECTED',
    consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: null },
    facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['NI'], nationalityStatus: 'DECLARED' },
    ...{ groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES[urgency], takenOver: false },
  };
  await execute(world, sender, referralId, command);
}

function isSameQuestion(one: AskedReferral, other: Omit<AskedReferral, 'referralId'>): boolean {
  const { sender, receiver, service, caseId } = other;
  return one.sender === sender && one.receiver === receiver && one.service === service && one.caseId === caseId;
}

/** The agency of origin, and those that received a referral of the case. */
async function knowing(world: SimulatedWorld, caseId: string): Promise<readonly string[]> {
  const known = [world.ownerOf(caseId)];
  for (const agencyId of AGENCIES) {
    if (!known.includes(agencyId) && (await wasReferredTo(world, agencyId, caseId))) known.push(agencyId);
  }
  return known;
}

/** Who has the case by its own account. */
async function custodianOf(world: SimulatedWorld, caseId: string): Promise<string | undefined> {
  for (const agencyId of AGENCIES) {
    if ((await world.custodyAt(agencyId, caseId))?.holder === agencyId) return agencyId;
  }
  return undefined;
}

async function wasReferredTo(world: SimulatedWorld, agencyId: string, caseId: string): Promise<boolean> {
  for (const asked of world.referrals) {
    if (asked.receiver !== agencyId || asked.caseId !== caseId) continue;
    if ((await world.referralAt(agencyId, asked.referralId)) !== null) return true;
  }
  return false;
}

/** As the referral desk does before a transfer. */
async function openCustody(world: SimulatedWorld, agencyId: string, caseId: string): Promise<void> {
  const known = await world.custodyAt(agencyId, caseId);
  if (known === null && agencyId !== world.ownerOf(caseId)) {
    throw new DomainError('CUSTODY.NOT_THE_CUSTODIAN', 'conflict', 'another agency has custody of the case');
  }
  const command = { type: 'OpenCustody', by: agencyId, now: world.clock.now(), caseId } as const;
  await world.run(agencyId, (node) =>
    node.handler.execute({
      ...{ procedure: custodyProcedure, id: caseId, command, correlationId: world.ids.uuid(), causation: null },
      actor: `${agencyId}.caseworker`,
    }),
  );
}

/** The clock moves, and nodes look what came due. Nothing is on its way for longer than keys to open it with are kept. */
async function letTimePass(world: SimulatedWorld, tape: ChoiceTape): Promise<void> {
  const byMs = tape.oneOf(ADVANCES_MS);
  if (Date.parse(world.clock.now()) + byMs - Date.parse(world.allHeardAt) > LONGEST_DELAY_MS) {
    await lookAll(world);
    await deliverAll(world);
  }
  world.clock.advance(byMs);
  world.story.push(`it is ${world.clock.now()}`);
  const lookers = tape.once(2) ? AGENCIES : [tape.oneOf(AGENCIES)];
  for (const agencyId of lookers) await world.run(agencyId, (node) => node.runDue());
}

function armCrash(world: SimulatedWorld, tape: ChoiceTape): void {
  const agencyId = tape.oneOf(AGENCIES);
  const point = tape.oneOf(CRASH_POINTS);
  world.story.push(`${agencyId} will end ${point}`);
  world.armCrash(agencyId, point);
}
