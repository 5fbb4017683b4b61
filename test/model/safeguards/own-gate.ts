import { answerToOwnHalt, haltsOfOwnGate, outdatedOwnAnswers, type OwnGateHalt } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import { authorityAt, gateCaseAt, gateOf, ledgerAt, type World } from './world.ts';
import { entriesOf, NOW, runAtGate, type Step, writeLedgers } from './writing.ts';

const OWN = 0;

function answered(setting: Setting, world: World, inCase: number, halt: OwnGateHalt): World {
  const node = authorityAt(world, OWN);
  const by = gateOf(setting.scenario);
  const answer = answerToOwnHalt(halt, gateCaseAt(world, inCase).file.departures);
  const acting = { by, gate: by, reading: node.clock, now: NOW };
  const command = { type: 'RecordHaltAcknowledgement', ...acting, ...halt, ...answer } as const;
  return writeLedgers(setting, world, OWN, entriesOf(setting, node, inCase, command));
}

/** What it has said is no longer true: a departure was taken back. */
function correcting(setting: Setting, world: World, inCase: number, outdated: readonly OwnGateHalt[]): Step[] {
  if (outdated.length === 0 || setting.rules.broken === 'OWN_GATE_CORRECTS_ITSELF') return [];
  const next = outdated.reduce((known, halt) => answered(setting, known, inCase, halt), world);
  return [{ label: 'the own gate says what is true now', isFair: true, next }];
}

/** The gate answers to its own agency, in one transaction with the ledger: what is under way ends, and whoever left is reported. */
export function answeringOwnHalts(setting: Setting, world: World): Step[] {
  const { scenario, rules } = setting;
  if (!scenario.isOwnGate || rules.broken === 'OWN_GATE_ANSWERS') return [];
  if (world.gate.awaitsAttestation && rules.broken !== 'GATE_LEAVES_HALTS_UNANSWERED') return [];
  return world.gate.cases.flatMap((_, inCase): Step[] => {
    const ledger = ledgerAt(authorityAt(world, OWN), inCase);
    const halts = haltsOfOwnGate(ledger, gateOf(scenario));
    const outdated = outdatedOwnAnswers(ledger, gateOf(scenario), gateCaseAt(world, inCase).file.departures);
    if (halts.length === 0) return correcting(setting, world, inCase, outdated);
    const end = { type: 'EndAttempt', end: 'HALTED', now: NOW } as const;
    const ended = rules.broken === 'OWN_GATE_ENDS_ATTEMPT' ? world : runAtGate(setting, world, inCase, end);
    const next = halts.reduce((known, halt) => answered(setting, known, inCase, halt), ended);
    return [{ label: 'the own gate answers', isFair: true, next }];
  });
}
