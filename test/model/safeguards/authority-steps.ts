import { type HoldLedgerCommand, openHolds } from '@acogida/safeguards';
import { CounterexampleError } from '../exploration/counterexample.ts';
import { hearingNext } from './handing-over.ts';
import { placingAgain, restoring } from './restoring.ts';
import type { Setting } from './setting.ts';
import { holdsToTakeOver } from './standing-holds.ts';
import { placingOf, surroundings } from './surroundings.ts';
import {
  authorityAt,
  authorityName,
  caseName,
  type LedgerStream,
  spend,
  withAuthority,
  withMessages,
  type World,
} from './world.ts';
import { atAuthority, entriesOf, NOW, type Step, writeLedgers } from './writing.ts';

/** @throws CounterexampleError S4 */
function placing(setting: Setting, world: World, index: number, inCase: number): Step[] {
  const { scenario } = setting;
  const node = authorityAt(world, index);
  const name = authorityName(index);
  const placed = node.published.flatMap(({ event }) => (event.type === 'HoldPlaced' ? [event.data.holdId] : []));
  const nth = new Set(placed).size;
  if (nth >= scenario.budget.places || scenario.authorities[index]?.places !== true) return [];
  const holdId = `h${nth}.${name}${inCase === 0 ? '' : `.${caseName(inCase)}`}`;
  const entries = entriesOf(setting, node, inCase, placingOf(setting, world, index, { inCase, holdId }));
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
    ...hearingNext(setting, world, index),
    ...writing(setting, world, index),
    ...processSteps(world, index),
    ...restoring(setting, world, index),
    ...placingAgain(setting, world, index),
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

/** What becomes of an authority's process, its store, and itself. */
function processSteps(world: World, index: number): Step[] {
  const node = authorityAt(world, index);
  const { left } = world;
  const name = authorityName(index);
  const clock = { boot: String(Number(node.clock.boot) + 1), ms: 0 };
  const steps: Step[] = [];
  if (left.authorityCrashes > 0) {
    const next = withAuthority(spend(world, 'authorityCrashes'), index, { clock, pending: null });
    steps.push({ label: `${name} crashes and starts again`, isFair: false, next });
  }
  if (left.successions > 0 && index === 0) {
    const gone = withAuthority(spend(world, 'successions'), index, { isGone: true, pending: null });
    steps.push({ label: `${name} is gone`, isFair: false, next: withMessages(gone, [{ kind: 'gone' }]) });
  }
  return steps;
}
