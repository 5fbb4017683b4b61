import { attesting } from './attesting.ts';
import { authoritySteps } from './authority-steps.ts';
import { deliver } from './deliveries.ts';
import { gateSteps } from './gate-steps.ts';
import { isSaid, linkText, linkWord } from './links.ts';
import { answeringOwnHalts } from './own-gate.ts';
import { losing, sayingHaltsAgain } from './lost-words.ts';
import type { Setting } from './setting.ts';
import { RATES_MS, spend, withMessages, type World } from './world.ts';
import type { Step } from './writing.ts';

/** A tick in which each clock runs as it likes, within the bound. */
function ticks(world: World): Step[] {
  if (world.left.ticks === 0) return [];
  const before = spend(world, 'ticks');
  const nodes = world.authorities.length + 1;
  return Array.from({ length: RATES_MS.length ** nodes }, (_, choice) => {
    const rates = Array.from({ length: nodes }, (__, node) => RATES_MS[(choice >> node) & 1] ?? RATES_MS[0]);
    const moved = <T extends { readonly clock: World['gate']['clock'] }>(node: T, ms = 0): T => ({
      ...node,
      clock: { ...node.clock, ms: node.clock.ms + ms },
    });
    const authorities = before.authorities.map((node, index) => moved(node, rates[index + 1]));
    return {
      label: `time passes (${rates.join(', ')})`,
      isFair: false,
      next: { ...before, gate: moved(before.gate, rates[0]), authorities },
    };
  });
}

/** Somebody finds that two cases are one person's, or that they are not. */
function linking({ scenario }: Setting, world: World): Step[] {
  return scenario.links.flatMap((link): Step[] => {
    const [said, back] = [linkWord(link, true), linkWord(link, false)];
    if (!isSaid(world, said)) return [{ label: linkText(said), isFair: false, next: withMessages(world, [said]) }];
    if (world.left.unlinks === 0 || isSaid(world, back)) return [];
    const next = withMessages(spend(world, 'unlinks'), [back]);
    return [{ label: linkText(back), isFair: false, next }];
  });
}

/** All that may happen next. @throws CounterexampleError S2, S4, INV-14 */
export function stepsFrom(setting: Setting, world: World): readonly Step[] {
  return [
    ...gateSteps(setting, world),
    ...attesting(setting, world),
    ...answeringOwnHalts(setting, world),
    ...world.authorities.flatMap((_, index) => authoritySteps(setting, world, index)),
    ...Object.values(world.messages).flatMap((message) => deliver(setting, world, message)),
    ...world.authorities.flatMap((_, index) => sayingHaltsAgain(setting, world, index)),
    ...losing(world),
    ...linking(setting, world),
    ...ticks(world),
  ];
}
