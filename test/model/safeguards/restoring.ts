import { type HoldLedgerCommand, holdLedgerDecider, openHolds, unknownLeases } from '@acogida/safeguards';
import { withRestoredGate } from './gate-steps.ts';
import { casesAtAuthority } from './links.ts';
import type { Setting } from './setting.ts';
import { gatesToldBy, placingOf } from './surroundings.ts';
import {
  authorityAt,
  authorityName,
  type AuthorityNode,
  type HoldOnPaper,
  type LedgerStream,
  type LedgerWrite,
  RATE_ERROR_PER_MILLE,
  spend,
  withAuthority,
  type World,
} from './world.ts';
import { entriesOf, NOW, type Step, writeLedgers } from './writing.ts';

/** The ledgers as a copy has them. */
function ledgersIn(copy: readonly LedgerWrite[], { ledgers }: AuthorityNode): readonly LedgerStream[] {
  return ledgers.map((_, inCase) => {
    const own = copy.flatMap(({ entries }) => entries.filter((entry) => entry.inCase === inCase));
    const ledger = own.reduce(
      (state, { event }) => holdLedgerDecider.evolve(state, event),
      holdLedgerDecider.initialState,
    );
    return { ledger, version: own.length };
  });
}

/** Open holds that a copy does not have. */
function lostIn(ledgers: readonly LedgerStream[], node: AuthorityNode): readonly HoldOnPaper[] {
  const placed = node.ledgers.flatMap(({ ledger }, inCase) => {
    const kept = ledgers[inCase]?.ledger.holds.map(({ holdId }) => holdId) ?? [];
    const lost = openHolds(ledger).filter(({ holdId }) => !kept.includes(holdId));
    return lost.map((hold) => ({ inCase, cases: casesAtAuthority(node, inCase), hold }));
  });
  return [...node.onPaper, ...placed];
}

/** Before it takes anything, all open holds of a restored ledger wait again; gates are told where the log says that one was lifted. */
function exposed(setting: Setting, world: World, index: number, lost: readonly LedgerWrite[]): World {
  const node = authorityAt(world, index);
  const { clock: reading, unknownLeases: count } = node;
  if (count === null) return world;
  const lifted = lost.flatMap(({ entries }) => entries.filter(({ event }) => event.type === 'HoldLifted'));
  const entries = node.ledgers.flatMap((_, inCase) => {
    const gates = lifted.some((entry) => entry.inCase === inCase) ? gatesToldBy(setting, index) : [];
    const acting = { by: authorityName(index), reading, now: NOW } as const;
    const command: HoldLedgerCommand = { type: 'ExposeHolds', ...acting, unknownLeases: { count, gates } };
    return entriesOf(setting, node, inCase, command);
  });
  return entries.length === 0 ? world : writeLedgers(setting, world, index, entries);
}

/** Its database is an older copy. What its own log says is not done again: of lost lifts and holds it is all that is left. */
export function restoring(setting: Setting, world: World, index: number): Step[] {
  if (world.left.restores === 0) return [];
  const { rules, scenario } = setting;
  const node = authorityAt(world, index);
  const clock = { boot: String(Number(node.clock.boot) + 1), ms: 0 };
  const counts = rules.broken !== 'AUTHORITY_COUNTS_FORGOTTEN_LEASES';
  const forgotten = counts ? unknownLeases(clock, RATE_ERROR_PER_MILLE) : null;
  const isGate = scenario.isOwnGate && index === 0; // one store: both are empty copies
  const before = isGate ? withRestoredGate(spend(world, 'restores')) : spend(world, 'restores');
  const ages = scenario.copies === 'EMPTY' ? [0] : [...node.written.keys(), node.written.length];
  return ages.map((age) => {
    const copy = node.written.slice(0, age);
    const ledgers = ledgersIn(copy, node);
    const next = withAuthority(before, index, {
      ...{ clock, pending: null, ledgers, unknownLeases: forgotten, isRestored: true, written: copy, known: [] },
      onPaper: lostIn(ledgers, node),
    });
    const label = `${authorityName(index)} is restored from a copy of ${age} transactions`;
    return { label, isFair: false, next: exposed(setting, next, index, node.written.slice(age)) };
  });
}

/** Whoever placed a hold that went with the database places it again. */
export function placingAgain(setting: Setting, world: World, index: number): Step[] {
  const { onPaper } = authorityAt(world, index);
  return onPaper.flatMap(({ inCase, hold: { holdId } }) => {
    const done = withAuthority(world, index, { onPaper: onPaper.filter(({ hold }) => hold.holdId !== holdId) });
    const placing = placingOf(setting, done, index, { inCase, holdId });
    const entries = entriesOf(setting, authorityAt(done, index), inCase, placing);
    const label = `${authorityName(index)} places ${holdId} again, from paper`;
    return [{ label, isFair: true, next: writeLedgers(setting, done, index, entries) }];
  });
}
