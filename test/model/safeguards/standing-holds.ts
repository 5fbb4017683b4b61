import { type Hold, openHolds } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import { casesAtAuthority } from './links.ts';
import { authorityAt, authorityName, type HoldWord, ledgerAt, type Message, type World } from './world.ts';

/** An open hold of an authority, on this case and on those that it knows to be linked. */
export interface StandingHold {
  readonly owner: number;
  readonly cases: readonly number[];
  readonly hold: Hold;
}

function isHoldWord(message: Message): message is HoldWord {
  return message.kind === 'hold' || message.kind === 'lift';
}

/** The successor of the authority that is gone: the last one; -1 where none is gone. */
function successorIn({ authorities }: World): number {
  return authorities.some(({ isGone }) => isGone) ? authorities.length - 1 : -1;
}

/** Whether a hold of an agency that is gone was taken over and lifted by its successor. */
function isLiftedBySuccessor(world: World, inCase: number, holdId: string): boolean {
  const { holds } = ledgerAt(authorityAt(world, successorIn(world)), inCase);
  return holds.find((one) => one.holdId === holdId)?.isOpen === false;
}

/** Whether it was handed over to an authority whose own hold stands. */
function isHandedOver({ scenario }: Setting, world: World, owner: number, { isOpen }: Hold, inCase: number): boolean {
  const next = scenario.authorities[owner]?.handsOverTo ?? null;
  return next !== null && !isOpen && openHolds(ledgerAt(authorityAt(world, next), inCase)).length > 0;
}

/**
 * All holds that are open; also those of an agency that is gone, those that went with a database, and those that were handed over
 * while the next one stands: what was promised with them stands.
 */
export function standingHolds(setting: Setting, world: World): readonly StandingHold[] {
  return world.authorities.flatMap((node, owner) => [
    ...node.ledgers.flatMap(({ ledger }, inCase) =>
      ledger.holds
        .filter((hold) => hold.isOpen || isHandedOver(setting, world, owner, hold, inCase))
        .filter(({ holdId }) => !node.isGone || !isLiftedBySuccessor(world, inCase, holdId))
        .map((hold) => ({ owner, cases: hold.isOpen ? casesAtAuthority(node, inCase) : [inCase], hold })),
    ),
    ...node.onPaper.map(({ cases, hold }) => ({ owner, cases, hold })),
  ]);
}

/**
 * Holds of the agency that is gone that its successor has not taken over: by its words on the log, which whoever succeeds it
 * reads to the last good one.
 */
export function holdsToTakeOver(world: World, index: number): readonly HoldWord[] {
  const node = authorityAt(world, index);
  if (!node.knowsSuccession) return [];
  const words = Object.values(world.messages).filter(isHoldWord);
  const ofPredecessor = words.filter(({ from }) => authorityAt(world, from).isGone);
  const lifted = ofPredecessor.filter(({ kind }) => kind === 'lift').map(({ holdId }) => holdId);
  return ofPredecessor.filter(
    ({ kind, holdId, inCase }) =>
      kind === 'hold' &&
      !lifted.includes(holdId) &&
      !ledgerAt(node, inCase).holds.some((hold) => hold.holdId === holdId),
  );
}

/** Names of agencies that are gone, each with who succeeds it. */
export function successorsIn(world: World): Readonly<Record<string, string>> {
  const successor = authorityName(successorIn(world));
  const gone = world.authorities.flatMap(({ isGone }, index) => (isGone ? [authorityName(index)] : []));
  return Object.fromEntries(gone.map((name) => [name, successor]));
}
