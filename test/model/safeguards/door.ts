import { openHolds } from '@acogida/safeguards';
import { CounterexampleError } from '../exploration/counterexample.ts';
import type { Setting } from './setting.ts';
import type { Scenario } from './terms.ts';
import { authorityAt, gateCaseAt, ledgerAt, withGateCase, type World } from './world.ts';
import { NOW, runAtGate, type Step, withLeaving } from './writing.ts';

/** Whether the gate's own agency holds the person: it asks nobody to know that. */
function isHeldHere({ isOwnGate }: Scenario, world: World, inCase: number): boolean {
  if (!isOwnGate) return false;
  return openHolds(ledgerAt(authorityAt(world, 0), inCase)).length > 0;
}

/**
 * Whoever has written a departure opens the door, or leaves it shut and takes the departure back. Anything may happen before that.
 *
 * @throws CounterexampleError S1, INV-02, INV-14
 */
export function atTheDoor(setting: Setting, world: World, inCase: number): Step[] {
  const { rules } = setting;
  const { door, file } = gateCaseAt(world, inCase);
  if (door === null) return [];
  const gone = withGateCase(world, inCase, { door: null });
  const isHeld = isHeldHere(setting.scenario, world, inCase);
  const looksAtOwn = rules.broken !== 'OWN_HOLD_SHUTS_DOOR';
  if (!(isHeld && looksAtOwn) && rules.mayLeave(file, door, world.gate.clock)) {
    if (isHeld) throw new CounterexampleError('INV-02', 'somebody leaves whom the gate’s own agency holds');
    return [{ label: `the door opens (${door})`, isFair: true, next: withLeaving(setting, gone, door, inCase) }];
  }
  const back = { type: 'TakeBackDeparture', departureId: door, now: NOW } as const;
  return [{ label: `the door stays shut (${door})`, isFair: true, next: runAtGate(setting, gone, inCase, back) }];
}
