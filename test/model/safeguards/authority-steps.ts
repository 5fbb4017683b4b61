import { type HoldLedgerCommand, holdLedgerDecider, openHolds, unknownLeases } from '@acogida/safeguards';
import { CounterexampleError } from './counterexample.ts';
import type { Setting } from './setting.ts';
import { authorityName, RATE_ERROR_PER_MILLE, spend, withAuthority, type World } from './world.ts';
import { atAuthority, decided, GATE, NOW, type Step, writeLedger } from './writing.ts';

/** @throws CounterexampleError S4 */
function placing(setting: Setting, world: World, index: number): Step[] {
  const { scenario, rules } = setting;
  const node = world.authorities[index] as World['authorities'][number];
  const name = authorityName(index);
  const nth = node.published.filter(({ type }) => type === 'HoldPlaced').length;
  if (nth >= scenario.budget.places) return [];
  const holdId = `h${nth}.${name}`;
  const unawareGates = scenario.authorities[index]?.isListed === true ? [] : [GATE];
  const forgotten = node.unknownLeases && { count: node.unknownLeases, gates: [GATE] };
  const command: HoldLedgerCommand = {
    ...{ type: 'PlaceHold', by: name, reading: node.clock, now: NOW, caseId: 'case', holdId, kind: 'APPEAL_OPEN' },
    ...{ mandate: ['APPEAL_OPEN'], groundId: null, placedBy: 'o', unawareGates, unknownLeases: forgotten },
  };
  const events = decided(() => rules.decideLedger(command, node.ledger));
  if (events?.some(({ type }) => type === 'HoldPlaced') !== true)
    throw new CounterexampleError('S4', `placing ${holdId} is refused`);
  return [{ label: `${name} places ${holdId}`, isFair: false, next: writeLedger(world, index, events) }];
}

/** What an authority's officers and its process may do next. @throws CounterexampleError S2, S4 */
export function authoritySteps(setting: Setting, world: World, index: number): Step[] {
  const node = world.authorities[index] as World['authorities'][number];
  const { left } = world;
  const name = authorityName(index);
  const acting = { by: name, reading: node.clock, now: NOW };
  const steps = placing(setting, world, index);
  if (left.lifts > 0)
    for (const { holdId } of openHolds(node.ledger)) {
      const command = { type: 'LiftHold', ...acting, holdId, reason: 'WINDOW_LAPSED', officer: 'o' } as const;
      steps.push(...atAuthority(setting, spend(world, 'lifts'), index, `${name} lifts ${holdId}`, false, command));
    }
  const note = { type: 'NoteEndedLeases', ...acting } as const;
  steps.push(...atAuthority(setting, world, index, `${name} notes ended leases`, true, note));
  for (const { holdId, awaits } of openHolds(node.ledger)) {
    const clearanceIds = awaits.flatMap(({ clearanceId }) => (clearanceId === null ? [] : [clearanceId]));
    if (clearanceIds.length === 0) continue;
    const said = { gate: 'stranger', holdId, clearanceIds, outcome: 'VOIDED', departedAt: null } as const;
    const command = { type: 'RecordHaltAcknowledgement', ...acting, ...said } as const;
    steps.push(
      ...atAuthority(setting, world, index, `a stranger tells ${name} that ${holdId} is heeded`, false, command),
    );
  }
  return [...steps, ...processSteps(setting, world, index)];
}

/** What becomes of an authority's process. */
function processSteps({ rules }: Setting, world: World, index: number): Step[] {
  const node = world.authorities[index] as World['authorities'][number];
  const { left } = world;
  const name = authorityName(index);
  const steps: Step[] = [];
  const { pending } = node;
  if (pending !== null) {
    const done = withAuthority(world, index, { pending: null });
    const isWritten = pending.version === node.version || rules.overwrites === 'AT_AUTHORITY';
    const next = isWritten ? writeLedger(done, index, pending.events) : done;
    steps.push({ label: `${name} writes (${pending.what})${isWritten ? '' : ': moved'}`, isFair: true, next });
  }
  const clock = { boot: String(Number(node.clock.boot) + 1), ms: 0 };
  if (left.authorityCrashes > 0) {
    const next = withAuthority(spend(world, 'authorityCrashes'), index, { clock, pending: null });
    steps.push({ label: `${name} crashes and starts again`, isFair: false, next });
  }
  if (left.restores > 0) {
    const ledger = node.published.reduce(
      (state, event) => holdLedgerDecider.evolve(state, event),
      holdLedgerDecider.initialState,
    );
    const forgotten = rules.waitsAfterRestore ? unknownLeases(clock, RATE_ERROR_PER_MILLE) : null;
    const restored = { clock, pending: null, ledger, version: node.published.length, unknownLeases: forgotten };
    const next = withAuthority(spend(world, 'restores'), index, restored);
    steps.push({ label: `${name} is restored from an old copy`, isFair: false, next });
  }
  return steps;
}
