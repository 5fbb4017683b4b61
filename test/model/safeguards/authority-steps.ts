import {
  type HoldLedgerCommand,
  holdLedgerDecider,
  openHolds,
  type Surroundings,
  unknownLeases,
} from '@acogida/safeguards';
import { CounterexampleError } from '../exploration/counterexample.ts';
import { withRestoredGate } from './gate-steps.ts';
import type { Setting } from './setting.ts';
import { holdsToTakeOver } from './standing-holds.ts';
import {
  authorityAt,
  authorityName,
  type AuthorityNode,
  caseName,
  gateOf,
  type LedgerStream,
  RATE_ERROR_PER_MILLE,
  spend,
  withAuthority,
  withMessages,
  type World,
} from './world.ts';
import { atAuthority, entriesOf, NOW, type Step, writeLedgers } from './writing.ts';

/**
 * What a hold waits for beside the leases of its ledger: what its authority may have forgotten, or never knew, and gates that do not
 * ask it. Its own gate asks it every time.
 */
export function surroundings(
  { scenario }: Setting,
  { unknownLeases: count }: AuthorityNode,
  index: number,
): Surroundings {
  const gates = scenario.isOwnGate && index === 0 ? [] : [gateOf(scenario)];
  const isListed = scenario.authorities[index]?.isListed === true;
  return { unawareGates: isListed ? [] : gates, unknownLeases: count && { count, gates } };
}

/** @throws CounterexampleError S4 */
function placing(setting: Setting, world: World, index: number, inCase: number): Step[] {
  const { scenario } = setting;
  const node = authorityAt(world, index);
  const name = authorityName(index);
  const nth = node.published.filter(({ event }) => event.type === 'HoldPlaced').length;
  if (nth >= scenario.budget.places || scenario.authorities[index]?.places !== true) return [];
  const holdId = `h${nth}.${name}${inCase === 0 ? '' : `.${caseName(inCase)}`}`;
  const command = {
    ...{ type: 'PlaceHold', by: name, reading: node.clock, now: NOW, caseId: caseName(inCase), holdId },
    ...{ kind: 'APPEAL_OPEN', mandate: ['APPEAL_OPEN'], groundId: null, placedBy: 'o' },
    ...surroundings(setting, node, index),
  } as HoldLedgerCommand;
  const entries = entriesOf(setting, node, inCase, command);
  if (!entries.some(({ event }) => event.type === 'HoldPlaced'))
    throw new CounterexampleError('S4', `placing ${holdId} is refused`);
  return [{ label: `${name} places ${holdId}`, isFair: false, next: writeLedgers(setting, world, index, entries) }];
}

/** A successor takes over what it finds open on the log of its predecessor. */
function takingOver(setting: Setting, world: World, index: number): Step[] {
  if (setting.rules.broken === 'SUCCESSOR_TAKES_OVER') return [];
  const node = authorityAt(world, index);
  const name = authorityName(index);
  return holdsToTakeOver(world, index).flatMap(({ holdId, inCase, from }) => {
    const before = authorityName(from);
    const command = {
      ...{ type: 'TakeOverHold', by: name, reading: node.clock, now: NOW, caseId: caseName(inCase), holdId },
      ...{ from: before, kind: 'APPEAL_OPEN', groundId: null, placedBy: 'o', successorOf: [before] },
      ...{ ...surroundings(setting, node, index), unawareGates: [] },
    } as HoldLedgerCommand;
    const at = { index, inCase, label: `${name} takes over ${holdId}`, isFair: true };
    return atAuthority(setting, world, at, command);
  });
}

/** What an authority's officers may do on one case. */
function ledgerSteps(setting: Setting, world: World, index: number, inCase: number): Step[] {
  const node = authorityAt(world, index);
  const { ledger } = node.ledgers[inCase] as LedgerStream;
  const name = authorityName(index);
  const acting = { by: name, reading: node.clock, now: NOW };
  const steps = placing(setting, world, index, inCase);
  const note = { index, inCase, label: `${name} notes ended leases`, isFair: true };
  steps.push(...atAuthority(setting, world, note, { type: 'NoteEndedLeases', ...acting }));
  for (const { holdId, awaits } of openHolds(ledger)) {
    if (world.left.lifts > 0) {
      const lift = { index, inCase, label: `${name} lifts ${holdId}`, isFair: false };
      const command = { type: 'LiftHold', ...acting, holdId, reason: 'WINDOW_LAPSED', officer: 'o' } as const;
      steps.push(...atAuthority(setting, spend(world, 'lifts'), lift, command));
    }
    const clearanceIds = awaits.flatMap(({ clearanceId }) => (clearanceId === null ? [] : [clearanceId]));
    if (clearanceIds.length === 0) continue;
    const said = { gate: 'stranger', holdId, clearanceIds, outcome: 'VOIDED', departedAt: null } as const;
    const lie = { index, inCase, label: `a stranger tells ${name} that ${holdId} is heeded`, isFair: false };
    steps.push(...atAuthority(setting, world, lie, { type: 'RecordHaltAcknowledgement', ...acting, ...said }));
  }
  return steps;
}

/** What an authority's officers and its process may do next. @throws CounterexampleError S2, S4 */
export function authoritySteps(setting: Setting, world: World, index: number): Step[] {
  const { ledgers, isGone } = authorityAt(world, index);
  if (isGone) return [];
  return [
    ...ledgers.flatMap((_, inCase) => ledgerSteps(setting, world, index, inCase)),
    ...takingOver(setting, world, index),
    ...writing(setting, world, index),
    ...processSteps(setting, world, index),
  ];
}

function writing(setting: Setting, world: World, index: number): Step[] {
  const { pending, ledgers } = authorityAt(world, index);
  if (pending === null) return [];
  const done = withAuthority(world, index, { pending: null });
  const isSame = pending.versions.every((version, inCase) => version < 0 || version === ledgers[inCase]?.version);
  const isWritten = isSame || setting.rules.broken === 'AUTHORITY_CHECKS_VERSION';
  const next = isWritten ? writeLedgers(setting, done, index, pending.events) : done;
  const label = `${authorityName(index)} writes (${pending.what})${isWritten ? '' : ': moved'}`;
  return [{ label, isFair: true, next }];
}

function restored(node: AuthorityNode): readonly LedgerStream[] {
  return node.ledgers.map((_, inCase) => {
    const own = node.published.filter((entry) => entry.inCase === inCase);
    const empty = holdLedgerDecider.initialState;
    const ledger = own.reduce((state, { event }) => holdLedgerDecider.evolve(state, event), empty);
    return { ledger, version: own.length };
  });
}

/** What becomes of an authority's process, its store, and itself. */
function processSteps({ rules, scenario }: Setting, world: World, index: number): Step[] {
  const node = authorityAt(world, index);
  const { left } = world;
  const name = authorityName(index);
  const clock = { boot: String(Number(node.clock.boot) + 1), ms: 0 };
  const steps: Step[] = [];
  if (left.authorityCrashes > 0) {
    const next = withAuthority(spend(world, 'authorityCrashes'), index, { clock, pending: null });
    steps.push({ label: `${name} crashes and starts again`, isFair: false, next });
  }
  if (left.restores > 0) {
    const counts = rules.broken !== 'AUTHORITY_COUNTS_FORGOTTEN_LEASES';
    const forgotten = counts ? unknownLeases(clock, RATE_ERROR_PER_MILLE) : null;
    const change = { clock, pending: null, ledgers: restored(node), unknownLeases: forgotten, isRestored: true };
    const before = spend(world, 'restores');
    const isGate = scenario.isOwnGate && index === 0; // one store
    const next = withAuthority(isGate ? withRestoredGate(before) : before, index, change);
    steps.push({ label: `${name} is restored from an old copy`, isFair: false, next });
  }
  if (left.successions > 0 && index === 0) {
    const gone = withAuthority(spend(world, 'successions'), index, { isGone: true, pending: null });
    steps.push({ label: `${name} is gone`, isFair: false, next: withMessages(gone, [{ kind: 'gone' }]) });
  }
  return steps;
}
