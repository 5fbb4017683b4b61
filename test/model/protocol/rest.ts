import { instantAfter } from '@acogida/core';
import { offerKeysProcedure } from '@acogida/service-kit';
import { AGENCIES } from './simulated-agencies.ts';
import { NodeEndedError, type SimulatedWorld } from './simulated-world.ts';

/** How long everybody is left alone in the end: longer than any deadline. */
const REST_MS = 60 * 24 * 60 * 60 * 1_000;
/** Rounds after which something never comes to rest. */
const MOST_ROUNDS = 300;

/** Everything that was committed is published and delivered everywhere, and what follows from it as well. */
export async function deliverAll(world: SimulatedWorld): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const senders = AGENCIES.filter((agencyId) => world.node(agencyId).hasToPublish);
    const waiting = world.waiting();
    if (senders.length + waiting.length === 0) {
      world.allHeardAt = world.clock.now();
      return;
    }
    for (const agencyId of senders) {
      await again(() => world.run(agencyId, (node) => node.sequence()));
      await again(() => world.run(agencyId, (node) => node.publish()));
    }
    for (const { reader, source } of waiting) {
      await again(() => world.deliver(reader, source, world.positionOf(reader, source), 500));
    }
  }
  throw new Error('the nodes never stop answering each other');
}

/**
 * Nobody does anything any more, for sixty days: all is delivered, and every deadline has its turn when it is due; those of offer
 * keys, which never end, as long as there are others.
 */
export async function comeToRest(world: SimulatedWorld): Promise<void> {
  await deliverAll(world);
  const end = instantAfter(world.clock.now(), REST_MS);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = await nextDeadline(world);
    if (next === null || next > end || !(await isAnythingDue(world, end))) break;
    world.clock.advanceTo(next);
    await lookAll(world);
    await deliverAll(world);
  }
  world.clock.advanceTo(end);
}

/** Every node gives what is due its turn. */
export async function lookAll(world: SimulatedWorld): Promise<void> {
  for (const agencyId of AGENCIES) await again(() => world.run(agencyId, (node) => node.runDue()));
}

/** Whether anything but an offer key comes due until then. */
async function isAnythingDue(world: SimulatedWorld, end: string): Promise<boolean> {
  for (const agencyId of AGENCIES) {
    const due = await world.node(agencyId).machine.deadlines.due(end, Infinity);
    if (due.some(({ stream }) => !stream.startsWith(`${offerKeysProcedure.name}-`))) return true;
  }
  return false;
}

async function nextDeadline(world: SimulatedWorld): Promise<string | null> {
  let first: string | null = null;
  for (const agencyId of AGENCIES) {
    const next = await world.node(agencyId).machine.deadlines.nextAt();
    if (next !== null && (first === null || next < first)) first = next;
  }
  return first;
}

/** A node whose process ends meanwhile does it after its start. */
async function again(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof NodeEndedError)) throw error;
    await work();
  }
}
