import { DomainError } from '@acogida/core';
import { custodyDecider, type CustodyRelease, type CustodyState, type SuccessionOrder } from '@acogida/referral';
import type { Step } from '../exploration/explore.ts';
import { agencyAt, type Setting } from './setting.ts';
import { CASE_ID, CUSTODIAN, type CustodyWorld, nodeAt, spend, withNode } from './world.ts';
import { runCustody } from './writing.ts';

/** So many of its last words may come after the last good one. */
const MOST_LOST = 2;

/** The custodian is gone: the roots order what of its words is good, and who succeeds it. */
export function goingAway(setting: Setting, world: CustodyWorld): Step<CustodyWorld>[] {
  if (world.left.successions === 0) return [];
  const { agencies } = setting.scenario;
  const said = nodeAt(world, CUSTODIAN).said.length;
  const lost = Array.from({ length: Math.min(said, MOST_LOST) + 1 }, (_, count) => count);
  return lost.map((count) => {
    const lastGoodNumber = said - count;
    const order: SuccessionOrder = {
      ...{ from: agencyAt(setting, CUSTODIAN), successor: agencies.at(-1) ?? '', lastGoodNumber, at: world.now },
    };
    const gone = withNode(spend(world, 'successions'), CUSTODIAN, { pending: null });
    return { label: `${order.from} is gone, good up to ${lastGoodNumber}`, isFair: false, next: { ...gone, order } };
  });
}

/** Whether a word of an agency is good, as far as another one knows. */
export function isGood(world: CustodyWorld, reader: number, source: number, number: number): boolean {
  const isBounded = source === CUSTODIAN && nodeAt(world, reader).knowsSuccession;
  return !isBounded || number <= (world.order?.lastGoodNumber ?? 0);
}

/** An agency hears who succeeds the custodian. */
export function hearingOrder(setting: Setting, world: CustodyWorld, reader: number): Step<CustodyWorld>[] {
  if (world.order === null || nodeAt(world, reader).knowsSuccession) return [];
  const label = `${agencyAt(setting, reader)} hears that ${world.order.from} is gone`;
  const next = succeed(setting, withNode(world, reader, { knowsSuccession: true }), reader);
  return [{ label, isFair: true, next }];
}

function ordered(setting: Setting, world: CustodyWorld, index: number, heldTerm: number | null): CustodyWorld {
  if (world.order === null) return world;
  return runCustody(setting, world, index, { type: 'RecordSuccession', caseId: CASE_ID, heldTerm, ...world.order });
}

/** The order counts for whoever gave the case, and for whoever has it. */
function settled(setting: Setting, world: CustodyWorld, index: number): CustodyWorld {
  const { custody, knowsSuccession } = nodeAt(world, index);
  const isConcerned = [custody?.from, custody?.holder].includes(world.order?.from);
  return knowsSuccession && isConcerned ? ordered(setting, world, index, null) : world;
}

/** Records a release, and what follows from it. @throws DomainError */
export function recordRelease(
  setting: Setting,
  world: CustodyWorld,
  index: number,
  release: CustodyRelease,
): CustodyWorld {
  const recorded = runCustody(setting, world, index, { type: 'RecordRelease', caseId: CASE_ID, ...release });
  return settled(setting, recorded, index);
}

/** Records who succeeds the custodian, and begins with what was heard before where that says who had the case. */
export function succeed(setting: Setting, world: CustodyWorld, index: number): CustodyWorld {
  if (!nodeAt(world, index).knowsSuccession) return world;
  if (nodeAt(world, index).custody !== null) return settled(setting, ordered(setting, world, index, null), index);
  const { referrals, overheard } = nodeAt(world, index);
  const [received] = Object.values(referrals);
  const heldTerm = received?.state.request.custodyTerm ?? null;
  const last = overheard.at(-1);
  if (heldTerm === null && last === undefined) return world;
  const begun =
    heldTerm === null && last !== undefined
      ? runCustody(setting, world, index, { type: 'RecordRelease', caseId: CASE_ID, ...last })
      : ordered(setting, world, index, heldTerm);
  const counted = overheard.reduce<CustodyWorld>((next, release) => {
    if (!counts(nodeAt(next, index).custody, release)) return next;
    return runCustody(setting, next, index, { type: 'RecordRelease', caseId: CASE_ID, ...release });
  }, begun);
  return settled(setting, heldTerm === null ? ordered(setting, counted, index, null) : counted, index);
}

/** Takes down a release between others; it is kept until it is known whose the case was. */
export function overhear(setting: Setting, world: CustodyWorld, index: number, release: CustodyRelease): CustodyWorld {
  const { custody, overheard } = nodeAt(world, index);
  if (custody !== null) return counts(custody, release) ? recordRelease(setting, world, index, release) : world;
  if (setting.rules.broken === 'KEEPS_OVERHEARD') return world;
  return succeed(setting, withNode(world, index, { overheard: [...overheard, release] }), index);
}

/** Whether a release between others changes what is known. */
function counts(custody: CustodyState, release: CustodyRelease): boolean {
  try {
    return custodyDecider.decide({ type: 'RecordRelease', caseId: CASE_ID, ...release }, custody).length > 0;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
