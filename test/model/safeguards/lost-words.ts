import { instantAfter } from '@acogida/core';
import { deliver } from './deliveries.ts';
import type { Setting } from './setting.ts';
import { authorityAt, authorityName, gateCaseAt, ledgerAt, type Message, spend, type World } from './world.ts';
import { atAuthority, NOW, type Step } from './writing.ts';

/** Longer than any time between two tries, in milliseconds. */
const LONG_MS = 48 * 3_600_000;

function isOnHalts({ kind }: Message): boolean {
  return kind === 'halt' || kind === 'ack';
}

/** What takes an earlier answer back is said once: nobody asks for it. */
function isCorrection(world: World, message: Message): boolean {
  if (message.kind !== 'ack') return false;
  const { answeredIn, number, holdId, outcome } = message;
  const before = gateCaseAt(world, answeredIn).published.slice(0, number - 1);
  return before.some(
    ({ type, data }) => type === 'HaltAcknowledged' && data.holdId === holdId && data.outcome !== outcome,
  );
}

/** A halt or an answer never comes: nothing could be sealed to whom it is for. */
export function losing(world: World): Step[] {
  if (world.left.losses === 0) return [];
  return Object.entries(world.messages)
    .filter(([, message]) => isOnHalts(message) && !isCorrection(world, message))
    .map(([key, { kind }]) => {
      const { [key]: _, ...messages } = world.messages;
      return { label: `${kind} is lost: ${key}`, isFair: false, next: { ...spend(world, 'losses'), messages } };
    });
}

/** What is on its way comes long before a halt is said again. */
function isQuiet(setting: Setting, world: World): boolean {
  if (world.gate.awaitsAttestation) return false;
  return Object.values(world.messages)
    .filter(isOnHalts)
    .every((message) => deliver(setting, world, message).length === 0);
}

/** An authority says halts again that nobody has answered, as often as they may get lost. */
export function sayingHaltsAgain(setting: Setting, world: World, index: number): Step[] {
  const { rules, scenario } = setting;
  const most = scenario.budget.losses;
  if (most === 0 || rules.broken === 'HALTS_ARE_SAID_AGAIN' || authorityAt(world, index).isGone) return [];
  if (!isQuiet(setting, world)) return [];
  const node = authorityAt(world, index);
  const by = authorityName(index);
  return node.ledgers.flatMap((_, inCase) => {
    const times = ledgerAt(node, inCase).halts.length;
    if (times > most) return [];
    const now = instantAfter(NOW, times * LONG_MS);
    const at = { index, inCase, label: `${by} says halts again`, isFair: true };
    return atAuthority(setting, world, at, { type: 'RepeatHalts', by, reading: node.clock, now });
  });
}
