import type {
  Awaited,
  GateCommand,
  GateEvent,
  GateFile,
  HoldLedger,
  HoldLedgerCommand,
  HoldLedgerEvent,
} from '@acogida/safeguards';
import type { Property } from '../exploration/counterexample.ts';
import { type NodeRule, REAL_RULES, type Rules } from './rules.ts';
import type { SCENARIOS } from './scenarios.ts';

/** The real deciders. */
export const { decideLedger: ledger, decideGate: gate } = REAL_RULES;

type LedgerType = HoldLedgerCommand['type'];
type GateType = GateCommand['type'];

/** Lets one command of the ledger see, or say, something else. */
export function atLedger<T extends LedgerType>(
  type: T,
  change: (command: Extract<HoldLedgerCommand, { type: T }>, state: HoldLedger) => readonly HoldLedgerEvent[],
): Rules {
  const decideLedger: Rules['decideLedger'] = (command, state) =>
    command.type === type ? change(command as Extract<HoldLedgerCommand, { type: T }>, state) : ledger(command, state);
  return { ...REAL_RULES, decideLedger };
}

/** Lets one command of the gate see, or say, something else. */
export function atGate<T extends GateType>(
  type: T,
  change: (command: Extract<GateCommand, { type: T }>, state: GateFile) => readonly GateEvent[],
): Rules {
  const decideGate: Rules['decideGate'] = (command, state) =>
    command.type === type ? change(command as Extract<GateCommand, { type: T }>, state) : gate(command, state);
  return { ...REAL_RULES, decideGate };
}

/** Whatever is under way goes on. */
export function withoutEnd(events: readonly GateEvent[]): readonly GateEvent[] {
  return events.filter(({ type }) => type !== 'AttemptEnded');
}

/** What a gate answers ends all that is awaited there. */
export function withoutTimeAlone(events: readonly HoldLedgerEvent[]): readonly HoldLedgerEvent[] {
  const ofGates = (awaits: readonly Awaited[]) => awaits.filter(({ gate }) => gate !== null);
  return events.map((event): HoldLedgerEvent => {
    if (event.type === 'HoldPlaced') return { ...event, data: { ...event.data, awaits: ofGates(event.data.awaits) } };
    if (event.type !== 'HoldExposed') return event;
    return { ...event, data: { ...event.data, awaits: ofGates(event.data.awaits) } };
  });
}

/** A guard that is taken away. */
export interface RemovedGuard {
  /** Where that is seen. */
  readonly scenario: keyof typeof SCENARIOS;
  /** What is broken first. */
  readonly breaks: Property;
  readonly rules: Rules;
}

/** Decides by other rules. */
export function guard(scenario: RemovedGuard['scenario'], breaks: Property, rules: Rules): RemovedGuard {
  return { scenario, breaks, rules };
}

/** Nodes that do not keep to one of their rules. */
export function without(scenario: RemovedGuard['scenario'], breaks: Property, broken: NodeRule): RemovedGuard {
  return guard(scenario, breaks, { ...REAL_RULES, broken });
}
