import { deliver } from './deliveries.ts';
import type { Setting } from './setting.ts';
import { gateCaseAt, withGate, type World } from './world.ts';
import { NOW, runAtGate, type Step } from './writing.ts';

/** Whether the gate has taken in all that the log says; halts have to wait. */
function hasReadAll(setting: Setting, world: World): boolean {
  return Object.values(world.messages)
    .filter(
      ({ kind }) => kind === 'hold' || kind === 'lift' || kind === 'link' || kind === 'gone' || kind === 'withdrawal',
    )
    .every((message) => deliver(setting, world, message).every(({ next }) => next.gate === world.gate));
}

/** An officer says what a restored gate has lost: who has left is reported, whatever it was by. */
export function attesting(setting: Setting, world: World): Step[] {
  const { rules } = setting;
  if (!world.gate.awaitsAttestation) return [];
  if (rules.broken !== 'GATE_READS_AGAIN' && !hasReadAll(setting, world)) return [];
  const leavings = rules.broken === 'OFFICER_REPORTS_LEAVINGS' ? [] : world.leavings;
  const reported = leavings.reduce<World>((next, { departureId, inCase }) => {
    const isKnown = gateCaseAt(next, inCase).file.departures.some((one) => one.departureId === departureId);
    if (isKnown) return next;
    const report = { type: 'ReportUnwarrantedDeparture', departureId, removal: 'EXPULSION', officer: 'o' } as const;
    return runAtGate(setting, next, inCase, { ...report, departedAt: NOW, now: NOW });
  }, world);
  const next = withGate(reported, { awaitsAttestation: false });
  return [{ label: 'an officer attests what the gate has lost', isFair: true, next }];
}
