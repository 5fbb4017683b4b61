import { memoryOutbox } from '@acogida/event-store';
import { MemoryInboxTables } from '@acogida/event-log';
import { automaticDeadlinesOf, deadlinesOf, isTakenBack, MERGE_TABLE, type Referral } from '@acogida/referral';
import { CounterexampleError } from './counterexample.ts';
import { AGENCIES } from './simulated-agencies.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** Greatest term of each case so far. */
export type Terms = Map<string, number>;

/**
 * Custody is never with nobody and never with two: once it was opened, the greatest term that any node knows has one holder,
 * no term that was reached is forgotten, and no two agencies hold the case by their own account.
 */
export async function judgeCustody(world: SimulatedWorld, terms: Terms): Promise<void> {
  for (const caseId of world.cases) {
    const known: { agencyId: string; term: number; holder: string }[] = [];
    for (const agencyId of AGENCIES) {
      const custody = await world.custodyAt(agencyId, caseId);
      if (custody !== null) known.push({ agencyId, term: custody.term, holder: custody.holder });
    }
    const greatest = Math.max(0, ...known.map(({ term }) => term));
    const before = terms.get(caseId) ?? 0;
    const holders = new Set(known.filter(({ term }) => term === greatest).map(({ holder }) => holder));
    const selfDeclared = known.filter(({ agencyId, holder }) => agencyId === holder);
    if (greatest < before || greatest > before + 1) throw new CounterexampleError('a term is lost or skipped', known);
    if (known.length > 0 && holders.size !== 1) throw new CounterexampleError('custody with two', known);
    if (selfDeclared.length > 1) throw new CounterexampleError('two agencies hold the case', known);
    terms.set(caseId, greatest);
  }
}

/** What both sides of a referral must agree on. */
function agreed(state: Referral | null): unknown {
  if (state === null) return null;
  const { requestStatus, fulfilment, status, senderTask, hold, holds, information, escalation, custodyTerm } = state;
  const { rejection, result, failure, cancellation, entryError, closure } = state;
  return [
    ...[requestStatus, fulfilment, status, senderTask, hold, holds, information, escalation, custodyTerm],
    ...[rejection, result, failure, cancellation, entryError, closure, deadlinesOf(state)],
  ];
}

/** At rest: both sides agree, nobody is silent, custody is where its holder knows it, and every event took effect everywhere. */
export async function judgeRest(world: SimulatedWorld): Promise<void> {
  for (const { referralId, sender, receiver } of world.referrals) {
    const asked = await world.referralAt(sender, referralId);
    const received = await world.referralAt(receiver, referralId);
    const [here, there] = [agreed(asked), agreed(received)];
    if (JSON.stringify(here) !== JSON.stringify(there))
      throw new CounterexampleError('both sides differ', [here, there]);
    for (const state of [asked, received]) if (state !== null) judgeSilence(world, state);
  }
  await judgeHolders(world);
  judgeReconciliation(world);
}

function judgeSilence(world: SimulatedWorld, state: Referral): void {
  const { side, requestStatus, fulfilment, custodyTerm } = state;
  const isSettled = MERGE_TABLE[requestStatus][fulfilment].due === null;
  const place = [side, requestStatus, fulfilment];
  if (deadlinesOf(state).length !== (isSettled ? 0 : 1)) throw new CounterexampleError('silence', place);
  const missed = automaticDeadlinesOf(state).filter(({ dueAt }) => dueAt <= world.clock.now());
  if (missed.length > 0) throw new CounterexampleError('a missed step that nobody was told of', [place, missed]);
  if (custodyTerm !== null && isTakenBack(state) && requestStatus !== 'LOOP_CLOSED') {
    throw new CounterexampleError('taken back after custody was released', place);
  }
}

async function judgeHolders(world: SimulatedWorld): Promise<void> {
  for (const caseId of world.cases) {
    const known = await Promise.all(AGENCIES.map((agencyId) => world.custodyAt(agencyId, caseId)));
    const holders = known.filter((custody, index) => custody !== null && custody.holder === AGENCIES[index]);
    if (known.some((custody) => custody !== null) && holders.length !== 1) {
      throw new CounterexampleError('custody with nobody who knows it', known);
    }
  }
}

/** As `npm run reconcile` does: what one agency committed is what the others applied. */
function judgeReconciliation(world: SimulatedWorld): void {
  for (const source of AGENCIES) {
    const committed = [...memoryOutbox(world.node(source).machine.database).rows().values()];
    for (const reader of AGENCIES) {
      if (reader === source) continue;
      const tables = new MemoryInboxTables(world.node(reader).machine.database);
      const events = [...tables.events.rows().values()].filter((event) => event.source === source);
      const isSettled = (state: string): boolean => state === 'applied' || state === 'sealed';
      const applied = new Set(events.filter(({ state }) => isSettled(state)).map(({ eventId }) => eventId));
      const isOutOfOrder = events.some((event) => event.isOutOfOrder);
      if (applied.size !== committed.length || events.length !== committed.length || isOutOfOrder) {
        const unsettled = [...tables.kept.rows().values()].map(({ kind, reason, detail }) => [kind, reason, detail]);
        throw new CounterexampleError('not applied', [source, reader, committed.length, applied.size, unsettled]);
      }
    }
    const { failures } = world.node(source);
    if (failures.length > 0) throw new CounterexampleError('a turn failed', failures.map(String));
  }
}
