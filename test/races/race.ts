import { randomUUID } from 'node:crypto';
import { calendarDateIn, type Removal } from '@acogida/reference';
import { eventually } from '@acogida/testing';
import type { ChoiceTape } from '@acogida/testing';
import type { TestReply, TestRequestOptions } from '@acogida/testing/node';
import { LEASE_MS, PATIENCE_MS, type RaceWorld } from './race-world.ts';
import { BORDER, COMAR, type Racer, REFUGE } from './racing-nodes.ts';

const OFFICER = { roles: ['eligibility-officer'] } as const;
const GUARD = { roles: ['border-officer'] } as const;
const CONTACT = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
const REMOVALS = ['EXPULSION', 'REFUSAL_OF_ENTRY', 'TRANSFER_ABROAD'] as const satisfies readonly Removal[];
const MOMENTS = ['ASKING', 'WARRANTED', 'CONFIRMING', 'CONFIRMED'] as const;
type Moment = (typeof MOMENTS)[number];
/** Whoever holds: by lodging, by hand, an authority of elsewhere that the gate never heard of, or one that it has, and its own agency. */
const HOLDERS = ['LODGING', 'LODGING', 'LODGING', 'BY_HAND', 'ELSEWHERE', 'ELSEWHERE_HEARD', 'OWN'] as const;
type Holder = (typeof HOLDERS)[number];
/** An officer who is refused so often gives up, and sooner once somebody is held. */
const TRIES = 25;
const TRIES_UNDER_HOLD = 2;

/** What a gate answers; a refusal of the request itself has other fields. */
interface Asked {
  readonly id: string;
  readonly status: string | number;
}

/** What one race did. */
export interface RaceRun {
  readonly caseId: string;
  readonly holder: Racer;
  /** Status of the placing. */
  readonly placed: number;
  readonly hasWarrant: boolean;
}

/** Lets others go on for so many turns of the loop. */
export async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await new Promise((resolve) => void setImmediate(resolve));
}

/** Asks until a node answers, which may be away or have lost its database for a moment: the same request, once. */
export async function insist(
  world: RaceWorld,
  agency: Racer,
  path: string,
  body: object,
  { roles }: TestRequestOptions,
): Promise<TestReply> {
  const options = { roles: roles ?? [], idempotencyKey: randomUUID() };
  return eventually(async () => {
    const reply = await Promise.race([world.at(agency).post(path, body, options), world.endOf(agency)]);
    if (reply.status >= 500) throw new Error(`${agency} ${path}: ${reply.status} ${reply.text}`);
    return reply;
  }, PATIENCE_MS);
}

/** The same, until an officer has attested what a restore lost. */
function insistPatiently(...asked: Parameters<typeof insist>): Promise<TestReply> {
  return eventually(async () => {
    const reply = await insist(...asked);
    const { code } = (reply.body ?? {}) as { readonly code?: string };
    if (code === 'STREAM_AWAITS_ATTESTATION') throw new Error(`${asked[1]} ${asked[2]}: ${code}`);
    return reply;
  }, PATIENCE_MS);
}

async function taken(...asked: Parameters<typeof insist>): Promise<TestReply['body']> {
  const reply = await insistPatiently(...asked);
  if (reply.status >= 300) throw new Error(`${asked[1]} ${asked[2]}: ${reply.status} ${reply.text}`);
  return reply.body;
}

/** A case of the border. */
export async function openCase(world: RaceWorld): Promise<string> {
  const { caseId } = (await taken(world, BORDER, '/v1/cases', CONTACT, GUARD)) as { caseId: string };
  return caseId;
}

/** A case that an authority knows by a hold of before. One that goes with a lost database is placed and lifted again. */
export async function known(world: RaceWorld, caseId: string, agency: Racer): Promise<void> {
  const path = `/v1/cases/${caseId}/holds`;
  await eventually(async () => {
    const { id } = (await taken(world, agency, path, { kind: 'APPEAL_OPEN' }, OFFICER)) as { id: string };
    const lifting = { reason: 'FINAL_DECISION' };
    const { status, text } = await insistPatiently(world, agency, `${path}/${id}/lifting`, lifting, OFFICER);
    if (status !== 200) throw new Error(`${agency} does not lift its hold: ${status} ${text}`);
  }, PATIENCE_MS);
}

const AGENCIES: Readonly<Record<Holder, Racer>> = {
  ...{ LODGING: REFUGE, BY_HAND: REFUGE, ELSEWHERE: COMAR, ELSEWHERE_HEARD: COMAR, OWN: BORDER },
};

function hold(world: RaceWorld, caseId: string, holder: Holder): Promise<TestReply> {
  const agency = AGENCIES[holder];
  if (holder === 'BY_HAND' || holder === 'OWN') {
    const path = `/v1/cases/${caseId}/holds`;
    return insist(world, agency, path, { kind: 'ASYLUM_INTENT' }, agency === BORDER ? GUARD : OFFICER);
  }
  const lodgedOn = calendarDateIn('CR', world.time.clock.now());
  const body = { form: 'ORAL', lodgedBy: 'SELF', lodgedOn, enteredOn: null, caseId };
  return insist(world, agency, '/v1/applications', body, OFFICER);
}

/** Leases seldom end in a race, and time leaps a little more often. */
function leapOf(tape: ChoiceTape): number {
  if (tape.once(40)) return LEASE_MS + tape.next(LEASE_MS / 3);
  return tape.once(12) ? tape.next(LEASE_MS / 2) : 0;
}

/** What a race has to do with what meets it. */
export interface Meeting {
  /** Called at each of its four moments, also where it does not come to all of them. */
  readonly onReached: () => void;
  /** Resolves once it was met: every other officer stands at the door with a warrant until then. */
  readonly struck: Promise<void>;
}

/** A departure and a hold on one case, at moments that are drawn: asks, leaves, and is held by somebody meanwhile. */
export async function race(world: RaceWorld, tape: ChoiceTape, { onReached, struck }: Meeting): Promise<RaceRun> {
  const [holder, moment, removal] = [tape.oneOf(HOLDERS), tape.oneOf(MOMENTS), tape.oneOf(REMOVALS)];
  const [beforePlacing, beforeConfirming, leapMs] = [tape.next(150), tape.next(60), leapOf(tape)];
  const [isLate, atDoor] = [tape.once(2), tape.next(150)];
  const caseId = await openCase(world);
  await known(world, caseId, REFUGE);
  if (holder === 'ELSEWHERE_HEARD') await known(world, caseId, COMAR);

  const reached = new Map<Moment, PromiseWithResolvers<void>>(MOMENTS.map((one) => [one, Promise.withResolvers()]));
  for (const { promise } of reached.values()) void promise.then(onReached);
  const reach = (one: Moment): void => reached.get(one)?.resolve();
  let isHeld = false;
  const leaving = async (): Promise<boolean> => {
    const at = `/v1/cases/${caseId}/departures`;
    reach('ASKING');
    for (let [tried, underHold] = [0, 0]; tried < TRIES && underHold < TRIES_UNDER_HOLD; tried += 1) {
      if (isHeld) underHold += 1;
      const reply = await insist(world, BORDER, at, { removal }, GUARD);
      const body = reply.body as Asked;
      if (reply.status === 201 && body.status === 'WARRANTED') {
        reach('WARRANTED');
        if (isLate) await struck;
        await turns(beforeConfirming);
        world.time.leap(leapMs);
        reach('CONFIRMING');
        if (isLate) await turns(atDoor);
        await insist(world, BORDER, `${at}/${body.id}/confirmation`, {}, GUARD);
        return true;
      }
      await turns(20);
    }
    return false;
  };
  const placing = async (): Promise<number> => {
    await reached.get(moment)?.promise;
    await turns(beforePlacing);
    const { status } = await hold(world, caseId, holder);
    isHeld = true;
    return status;
  };
  const left = leaving().finally(() => MOMENTS.forEach(reach));
  const [hasWarrant, placed] = await Promise.all([left, placing()]);
  return { caseId, holder: AGENCIES[holder], placed, hasWarrant };
}
