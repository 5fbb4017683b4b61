import { memoryOutbox, type MemoryOutboxRow, type RecordedEvent, streamOfChain } from '@acogida/event-store';
import { MemoryInboxTables } from '@acogida/event-log';
import { isTakenBack, isTakenOn, type Referral } from '@acogida/referral';
import { type CaseKeysEvent, caseKeysProcedure, handOverOf, presentMembers } from '@acogida/service-kit';
import { CounterexampleError } from './counterexample.ts';
import type { Reached } from './reached.ts';
import { AGENCIES } from './simulated-agencies.ts';
import type { SimulatedWorld } from './simulated-world.ts';

const CIRCLE = caseKeysProcedure(handOverOf([]));

/** Something that an agency sealed for the circle of a case, and where among its own events it was recorded. */
interface SealedWord {
  readonly row: MemoryOutboxRow;
  readonly position: number;
  readonly caseId: string;
  readonly epoch: number;
}

/** While another agency was in a circle: positions among the events of the agency whose circle it is. */
interface Membership {
  readonly agency: string;
  readonly audiences: readonly { readonly audience: string; readonly fromEpoch: number }[];
  readonly admittedAt: number;
  /** Null while it is in. */
  readonly leftAt: number | null;
}

/**
 * At rest: nothing that an agency appends after it shut another out opens for that other, with all the keys that it ever had;
 * who is in reads everything that was sealed under the epochs that it was let into; and in are those, and only those, that the agency serves
 * somebody with.
 */
export async function judgeCircles(world: SimulatedWorld, reached: Reached): Promise<void> {
  for (const source of AGENCIES) {
    const words = await sealedWordsOf(world, source);
    for (const caseId of world.cases) {
      const memberships = membershipsIn(await circleEventsOf(world, source, caseId));
      const ofCase = words.filter((word) => word.caseId === caseId);
      await judgeRemoved(world, source, { words: ofCase, memberships }, reached);
      judgePresent(world, source, { words: ofCase, memberships }, reached);
      await judgeServed(world, source, caseId);
    }
  }
}

interface Circle {
  readonly words: readonly SealedWord[];
  readonly memberships: readonly Membership[];
}

async function judgeRemoved(world: SimulatedWorld, source: string, circle: Circle, reached: Reached): Promise<void> {
  const { words, memberships } = circle;
  for (const agency of new Set(memberships.map((one) => one.agency))) {
    const own = memberships.filter((one) => one.agency === agency);
    for (const [index, { leftAt }] of own.entries()) {
      const backAt = own[index + 1]?.admittedAt ?? Infinity;
      if (leftAt === null || leftAt === backAt) continue;
      reached.removals += 1;
      const closed = words.filter(({ position }) => position > leftAt && position <= backAt);
      for (const { row } of closed) {
        if (await opens(world, agency, source, row)) {
          throw new CounterexampleError('a removed member reads on', [
            source,
            agency,
            row.stream,
            row.publishedVersion,
          ]);
        }
        reached.closedWords += 1;
      }
    }
  }
}

function judgePresent(world: SimulatedWorld, source: string, { words, memberships }: Circle, reached: Reached): void {
  for (const { agency, audiences, admittedAt, leftAt } of memberships) {
    if (leftAt !== null) continue;
    const { events } = new MemoryInboxTables(world.node(agency).machine.database);
    const states = new Map([...events.rows().values()].map(({ eventId, state }) => [eventId, state]));
    for (const { row, epoch, position } of words) {
      const name = streamOfChain(row.stream).name ?? 'coded';
      const given = audiences.find(({ audience }) => audience === name);
      if (given === undefined) continue;
      if (position > admittedAt && epoch < given.fromEpoch) {
        throw new CounterexampleError('sealed under an epoch before the member', [source, agency, row.stream, epoch]);
      }
      if (epoch < given.fromEpoch) continue;
      const state = states.get(row.eventId);
      if (state !== 'applied') {
        throw new CounterexampleError('a member does not read', [
          source,
          agency,
          row.stream,
          row.publishedVersion,
          state,
        ]);
      }
      reached.sharedWords += 1;
    }
  }
}

/** Who serves a person of the case with this agency, by the agency's own account, is in its circle; nobody else is. */
async function judgeServed(world: SimulatedWorld, source: string, caseId: string): Promise<void> {
  const { state } = await world.node(source).handler.load(CIRCLE, caseId);
  const present = presentMembers(state).map(({ agency }) => agency);
  const serving = new Set<string>();
  for (const asked of world.referrals) {
    if (asked.caseId !== caseId || ![asked.sender, asked.receiver].includes(source)) continue;
    const referral = await world.referralAt(source, asked.referralId);
    if (referral !== null && isServed(referral)) serving.add(source === asked.sender ? asked.receiver : asked.sender);
  }
  if (present.length !== serving.size || !present.every((agency) => serving.has(agency))) {
    throw new CounterexampleError('the circle is not who serves', [source, present.toSorted(), [...serving].sort()]);
  }
}

function isServed(referral: Referral): boolean {
  return isTakenOn(referral) && !isTakenBack(referral);
}

/** What went out for circles, by the pseudonyms that their streams name; words to one agency alone are under none of them. */
async function sealedWordsOf(world: SimulatedWorld, source: string): Promise<readonly SealedWord[]> {
  const epochs = new Map<string, { readonly caseId: string; readonly epoch: number }>();
  for (const caseId of world.cases) {
    const { state } = await world.node(source).handler.load(CIRCLE, caseId);
    for (const { subject, epoch } of state.epochs) epochs.set(subject, { caseId, epoch });
  }
  const positions = await world.node(source).positions();
  const words: SealedWord[] = [];
  let position = 0;
  for (const row of memoryOutbox(world.node(source).machine.database).rows().values()) {
    // Further copies of an event have ids of their own, and follow the first.
    position = positions.get(row.eventId) ?? position;
    const sealedUnder = epochs.get(row.subject);
    if (sealedUnder !== undefined) words.push({ row, position, ...sealedUnder });
  }
  return words;
}

function circleEventsOf(world: SimulatedWorld, source: string, caseId: string): Promise<readonly RecordedEvent[]> {
  return world.node(source).readStream(`${CIRCLE.name}-${caseId}`);
}

function membershipsIn(events: readonly RecordedEvent[]): readonly Membership[] {
  const memberships: Membership[] = [];
  for (const { position: at, ...recorded } of events) {
    const event = recorded as unknown as CaseKeysEvent;
    const position = Number(at);
    if (event.type === 'MemberAdmitted') {
      const { agency, audiences } = event.data;
      // Let in further than before, it stays in; what it may have beside that counts from here on.
      const admitted = { agency, audiences, admittedAt: position, leftAt: null };
      endOf(memberships, agency, position);
      memberships.push(admitted);
    }
    if (event.type === 'MemberLeft') endOf(memberships, event.data.agency, position);
  }
  return memberships;
}

function endOf(memberships: Membership[], agency: string, leftAt: number): void {
  const index = memberships.findLastIndex((one) => one.agency === agency && one.leftAt === null);
  const membership = memberships[index];
  if (membership !== undefined) memberships[index] = { ...membership, leftAt };
}

/** Whether a node reads what another sealed, with whatever keys it has. */
async function opens(world: SimulatedWorld, reader: string, source: string, row: MemoryOutboxRow): Promise<boolean> {
  const { sealing } = world.node(reader);
  const { eventId: id, class: clearClass, subject, keyId, data } = row;
  if (keyId === null) return true;
  const header = { id, source, class: clearClass, subject, keyId };
  await sealing.prepare([header]);
  const reading = sealing.read(header, data);
  if (reading.kind !== 'wanting') return reading.kind === 'opened';
  await sealing.load(reading.wanted);
  return sealing.read(header, data).kind === 'opened';
}
