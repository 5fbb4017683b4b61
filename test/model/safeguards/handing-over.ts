import { type HoldLedgerCommand, openHolds } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import {
  authorityAt,
  authorityName,
  type AuthorityNode,
  type HoldWord,
  type KnownHold,
  ledgerAt,
  withAuthority,
  type World,
} from './world.ts';
import { entriesOf, NOW, type Step, writeLedgers } from './writing.ts';

function isKnownOpen({ placed, lifted }: KnownHold): boolean {
  return placed > lifted;
}

/** Whether it has heard of an open hold of another authority on any of these cases. */
export function isHeldElsewhere({ known }: AuthorityNode, cases: readonly number[]): boolean {
  return known.some((one) => cases.includes(one.inCase) && isKnownOpen(one));
}

function withWord({ known }: AuthorityNode, { kind, inCase, holdId, number }: HoldWord): readonly KnownHold[] {
  const before = known.find((one) => one.holdId === holdId) ?? { inCase, holdId, placed: 0, lifted: 0 };
  const what = kind === 'hold' ? 'placed' : 'lifted';
  if (before[what] >= number) return known;
  return [...known.filter((one) => one.holdId !== holdId), { ...before, [what]: number }];
}

/** Its own hold becomes the next one, in the same transaction. */
function handOver(setting: Setting, world: World, index: number, { from, inCase }: HoldWord): World {
  const { authorities } = setting.scenario;
  const { kind } = authorities[from] ?? {};
  if (kind === undefined) return world;
  const node = authorityAt(world, index);
  const mandated = authorities.flatMap(({ isListed }, at) => (isListed ? [authorityName(at)] : []));
  const acting = { by: authorityName(index), reading: node.clock, now: NOW, officer: 'o' } as const;
  const entries = openHolds(ledgerAt(node, inCase)).flatMap(({ holdId }) => {
    const to = { authority: authorityName(from), kind, mandated };
    const command: HoldLedgerCommand = { type: 'HandOverHold', ...acting, holdId, to };
    return entriesOf(setting, node, inCase, command);
  });
  return entries.length === 0 ? world : writeLedgers(setting, world, index, entries);
}

/** It hears of the holds of the authority to which it hands its own over: that they stand, or are over. */
export function hearingNext(setting: Setting, world: World, index: number): Step[] {
  const next = setting.scenario.authorities[index]?.handsOverTo ?? null;
  if (next === null) return [];
  const node = authorityAt(world, index);
  return Object.values(world.messages).flatMap((word): Step[] => {
    if ((word.kind !== 'hold' && word.kind !== 'lift') || word.from !== next) return [];
    const known = withWord(node, word);
    if (known === node.known) return [];
    const heard = withAuthority(world, index, { known });
    const isOver = known.some((one) => one.holdId === word.holdId && !isKnownOpen(one));
    const label = `${authorityName(index)} hears of ${word.kind} ${word.holdId}`;
    return [{ label, isFair: true, next: isOver ? heard : handOver(setting, heard, index, word) }];
  });
}
