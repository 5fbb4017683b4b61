import { consentDecider } from '@acogida/referral';
import { type ClearanceAnswer, type GateCommand, gateDecider, type Reading, type Situation } from '@acogida/safeguards';
import { decided } from '../exploration/decided.ts';
import { atTheDoor } from './door.ts';
import { consentGiven, WITHDRAW } from './first-world.ts';
import { casesAtGate } from './links.ts';
import type { Setting } from './setting.ts';
import { successorsIn } from './standing-holds.ts';
import {
  authorityName,
  caseName,
  clearancesOf,
  gateCaseAt,
  spend,
  withGate,
  withGateCase,
  withMessages,
  type World,
} from './world.ts';
import { isConsentWithdrawn, NOW, runAtGate, type Step, stepTo, writeGate } from './writing.ts';

function situationOf({ scenario, rules }: Setting, world: World, inCase: number): Situation {
  const { gate } = world;
  const names = scenario.authorities.map((_, index) => authorityName(index));
  const successors = gate.knowsSuccession ? successorsIn(world) : {};
  const linked = casesAtGate(world, inCase).filter((one) => one !== inCase);
  const heard = linked.flatMap((one) => gateCaseAt(world, one).file.heard);
  const holders = rules.broken === 'HOLD_HEARD_FOR_LINKED' ? [] : heard.filter(({ isOpen }) => isOpen);
  const waits = gate.awaitsAttestation && rules.broken !== 'GATE_AWAITS_ATTESTATION';
  return {
    authorities: names.filter((_, index) => scenario.authorities[index]?.isListed === true),
    placersOnLinked: heard.map(({ authority }) => authority),
    heldBy: holders.map(({ authority }) => authority),
    ...{ successors, obstacles: waits ? ['AWAITS_ATTESTATION'] : [] },
    standings: Object.fromEntries(names.map((name) => [name, Object.hasOwn(successors, name) ? 'GONE' : 'CURRENT'])),
  };
}

/** Decides at the gate, and writes later. */
function beginAtGate(setting: Setting, world: World, inCase: number, what: string, command: GateCommand): Step[] {
  const { file, version, pending: before } = gateCaseAt(world, inCase);
  if (before !== null) return [];
  const events = decided(() => setting.rules.decideGate(command, file));
  if (events === null || events.some(({ type }) => type === 'DepartureRefused')) return []; // the officer waits
  const pending = { what, versions: [version], events };
  return [{ label: `gate decides to ${what}`, isFair: false, next: withGateCase(world, inCase, { pending }) }];
}

function asking(setting: Setting, world: World): Step[] {
  const { scenario, rules } = setting;
  const { left, gate } = world;
  if (left.attempts === 0) return [];
  if (isConsentWithdrawn(world) && rules.broken !== 'GATE_ASKS_UNDER_CONSENT') return [];
  const nth = scenario.budget.attempts - left.attempts;
  const inCase = nth % scenario.cases;
  const departureId = `d${nth}`;
  const { file } = gateCaseAt(world, inCase);
  const asked = clearancesOf(departureId, rules.authoritiesToAsk(file, situationOf(setting, world, inCase)));
  const removal = scenario.budget.withdrawals > 0 ? 'RETURN_DEPARTURE' : 'EXPULSION';
  const said = { caseId: caseName(inCase), departureId, removal, officer: 'o', now: NOW } as const;
  const before = spend(world, 'attempts');
  const command = { type: 'AskForClearance', ...said, asked, reading: gate.clock } as const;
  return stepTo(`gate asks (${departureId})`, false, before, runAtGate(setting, before, inCase, command));
}

function departing(setting: Setting, world: World, inCase: number): Step[] {
  const { received, clock: reading } = world.gate;
  const { attempt } = gateCaseAt(world, inCase).file;
  if (attempt === null) return [];
  const { departureId, asked } = attempt;
  const answers = asked.flatMap(({ clearanceId }): ClearanceAnswer[] => {
    const reply = received[clearanceId];
    if (reply === undefined) return [];
    if (!reply.isGranted) return [{ clearanceId, outcome: 'REFUSED', reasons: reply.reasons }];
    return [{ clearanceId, outcome: 'GRANTED', leaseMs: reply.leaseMs }];
  });
  const at = { departureId, reading, now: NOW };
  const situation = situationOf(setting, world, inCase);
  return [
    ...beginAtGate(setting, world, inCase, 'issue a warrant', { type: 'Depart', ...at, answers, situation }),
    ...beginAtGate(setting, world, inCase, 'let go', { type: 'ConfirmDeparture', ...at, officer: 'o' }),
  ];
}

function writing(setting: Setting, world: World, inCase: number): Step[] {
  const { version, pending } = gateCaseAt(world, inCase);
  if (pending === null) return [];
  const done = withGateCase(world, inCase, { pending: null });
  const isWritten = pending.versions[0] === version || setting.rules.broken === 'GATE_CHECKS_VERSION';
  const next = isWritten ? writeGate(done, inCase, pending.events) : done;
  return [{ label: `gate writes (${pending.what})${isWritten ? '' : ': moved'}`, isFair: true, next }];
}

/** In one transaction: consent is withdrawn, and whatever is under way ends. */
export function withConsentEnded(
  setting: Setting,
  world: World,
  command: Parameters<typeof consentDecider.decide>[0],
): World {
  const { consents } = world.gate;
  const events = decided(() => consentDecider.decide(command, consents));
  if (events === null) return world;
  const known = withGate(world, {
    consents: events.reduce((all, event) => consentDecider.evolve(all, event), consents),
  });
  const end = { type: 'EndAttempt', end: 'CONSENT_WITHDRAWN', now: NOW } as const;
  return known.gate.cases.reduce<World>((next, _, inCase) => runAtGate(setting, next, inCase, end), known);
}

function withdrawing(setting: Setting, world: World): Step[] {
  if (world.left.withdrawals === 0) return [];
  const before = spend(world, 'withdrawals');
  return [
    ...stepTo('the person withdraws consent at the door', false, before, withConsentEnded(setting, before, WITHDRAW)),
    {
      label: 'the person withdraws consent elsewhere',
      isFair: false,
      next: withMessages(before, [{ kind: 'withdrawal' }]),
    },
  ];
}

/** The clock of the gate's next process. */
function nextClock({ gate }: World): Reading {
  return { boot: String(Number(gate.clock.boot) + 1), ms: 0 };
}

/** The gate's store is an empty copy, with what it published. */
export function withRestoredGate(world: World): World {
  const cases = world.gate.cases.map(({ published }) => {
    const file = published.reduce((state, event) => gateDecider.evolve(state, event), gateDecider.initialState);
    return { file, version: published.length, pending: null, door: null, published };
  });
  const forgotten = { received: {}, consents: consentGiven(), knowsSuccession: false };
  return withGate(world, { clock: nextClock(world), cases, ...forgotten, awaitsAttestation: true });
}

/** What becomes of the gate's process and its store. */
function ending(world: World): Step[] {
  const { gate, left } = world;
  const steps: Step[] = [];
  if (left.gateCrashes > 0) {
    const cases = gate.cases.map((one) => ({ ...one, pending: null, door: null }));
    const next = withGate(spend(world, 'gateCrashes'), { clock: nextClock(world), received: {}, cases });
    steps.push({ label: 'gate crashes and starts again', isFair: false, next });
  }
  if (left.gateRestores > 0) {
    const next = withRestoredGate(spend(world, 'gateRestores'));
    steps.push({ label: 'gate is restored from an empty copy', isFair: false, next });
  }
  return steps;
}

/** What the gate's officer, the person and the gate's process may do next. */
export function gateSteps(setting: Setting, world: World): Step[] {
  const cases = world.gate.cases.map((_, inCase) => inCase);
  return [
    ...asking(setting, world),
    ...cases.flatMap((inCase) => [
      ...departing(setting, world, inCase),
      ...writing(setting, world, inCase),
      ...atTheDoor(setting, world, inCase),
    ]),
    ...withdrawing(setting, world),
    ...ending(world),
  ];
}
