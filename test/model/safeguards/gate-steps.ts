import type { ClearanceAnswer, GateCommand, Situation } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import { authorityName, clearancesOf, spend, type World } from './world.ts';
import { atGate, decided, NOW, type Step, writeGate } from './writing.ts';

function situationOf({ scenario }: Setting): Situation {
  const names = scenario.authorities.map((_, index) => authorityName(index));
  return {
    authorities: names.filter((_, index) => scenario.authorities[index]?.isListed === true),
    ...{ placersOnLinked: [], heldBy: [], successors: {}, obstacles: [] },
    standings: Object.fromEntries(names.map((name) => [name, 'CURRENT'])),
  };
}

/** Decides at the gate, and writes later. */
function beginAtGate(setting: Setting, world: World, what: string, command: GateCommand): Step[] {
  const { gate } = world;
  if (gate.pending !== null) return [];
  const events = decided(() => setting.rules.decideGate(command, gate.file));
  if (events === null || events.some(({ type }) => type === 'DepartureRefused')) return []; // the officer waits
  const pending = { what, version: gate.version, events };
  return [{ label: `gate decides to ${what}`, isFair: false, next: { ...world, gate: { ...gate, pending } } }];
}

/** What the gate's officer and its process may do next. */
export function gateSteps(setting: Setting, world: World): Step[] {
  const { gate, left } = world;
  const { clock: reading, file, pending } = gate;
  const steps: Step[] = [];
  if (left.attempts > 0) {
    const departureId = `d${setting.scenario.budget.attempts - left.attempts}`;
    const asked = clearancesOf(departureId, setting.rules.authoritiesToAsk(file, situationOf(setting)));
    const said = { caseId: 'case', departureId, removal: 'EXPULSION', officer: 'o', now: NOW } as const;
    const command = { type: 'AskForClearance', ...said, asked, reading } as const;
    steps.push(...atGate(setting, spend(world, 'attempts'), `gate asks (${departureId})`, false, command));
  }
  if (file.attempt !== null) {
    const { departureId, asked } = file.attempt;
    const answers = asked.flatMap(({ clearanceId }): ClearanceAnswer[] => {
      const reply = gate.received[clearanceId];
      if (reply === undefined) return [];
      return [
        reply.isGranted
          ? { clearanceId, outcome: 'GRANTED', leaseMs: reply.leaseMs }
          : { clearanceId, outcome: 'REFUSED', reasons: reply.reasons },
      ];
    });
    const at = { departureId, reading, now: NOW };
    const situation = situationOf(setting);
    steps.push(...beginAtGate(setting, world, 'issue a warrant', { type: 'Depart', ...at, answers, situation }));
    steps.push(...beginAtGate(setting, world, 'let go', { type: 'ConfirmDeparture', ...at, officer: 'o' }));
  }
  if (pending !== null) {
    const done = { ...world, gate: { ...gate, pending: null } };
    const isWritten = pending.version === gate.version || setting.rules.overwrites === 'AT_GATE';
    const next = isWritten ? writeGate(setting, done, pending.events) : done;
    steps.push({ label: `gate writes (${pending.what})${isWritten ? '' : ': moved'}`, isFair: true, next });
  }
  if (left.gateCrashes > 0) {
    const clock = { boot: String(Number(reading.boot) + 1), ms: 0 };
    const next = { ...spend(world, 'gateCrashes'), gate: { ...gate, clock, pending: null, received: {} } };
    steps.push({ label: 'gate crashes and starts again', isFair: false, next });
  }
  return steps;
}
