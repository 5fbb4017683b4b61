import { answerToOwnHalt, haltsOfOwnGate, type OwnGateHalt } from '@acogida/safeguards';
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

/** The gate answers to its own agency, in one transaction with the ledger: what is under way ends, and whoever left is reported. */
export function answeringOwnHalts(setting: Setting, world: World): Step[] {
  const { scenario, rules } = setting;
  if (!scenario.isOwnGate || rules.broken === 'OWN_GATE_ANSWERS') return [];
  if (world.gate.awaitsAttestation && rules.broken !== 'GATE_LEAVES_HALTS_UNANSWERED') return [];
  return world.gate.cases.flatMap((_, inCase): Step[] => {
    const halts = haltsOfOwnGate(ledgerAt(authorityAt(world, OWN), inCase), gateOf(scenario));
    if (halts.length === 0) return [];
    const end = { type: 'EndAttempt', end: 'HALTED', now: NOW } as const;
    const ended = rules.broken === 'OWN_GATE_ENDS_ATTEMPT' ? world : runAtGate(setting, world, inCase, end);
    const next = halts.reduce((known, halt) => answered(setting, known, inCase, halt), ended);
    return [{ label: 'the own gate answers', isFair: true, next }];
  });
}
