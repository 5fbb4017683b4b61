import { DomainError } from '@acogida/core';
import {
  type GateCommand,
  gateDecider,
  type GateEvent,
  type HoldLedgerCommand,
  holdLedgerDecider,
  type HoldLedgerEvent,
  openHolds,
} from '@acogida/safeguards';
import { CounterexampleError } from './counterexample.ts';
import type { Setting } from './setting.ts';
import { authorityIndex, type Message, withAuthority, withMessages, type World } from './world.ts';

/** Something that may happen next. */
export interface Step {
  readonly label: string;
  /** Whether it happens some time, if nothing else does: deliveries, and what a node has begun. */
  readonly isFair: boolean;
  readonly next: World;
}

/** Name of the gate's agency. */
export const GATE = 'gate';
/** No calendar clock decides anything. */
export const NOW = '2026-11-22T11:00:00.000Z';

/** What a command causes; null where it is refused or changes nothing. */
export function decided<E>(decide: () => readonly E[]): readonly E[] | null {
  try {
    const events = decide();
    return events.length === 0 ? null : events;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** What other nodes hear of an authority's events, each with its number. */
function published(from: number, first: number, events: readonly HoldLedgerEvent[]): readonly Message[] {
  return events.flatMap((event, index): Message[] => {
    const number = first + index;
    if (event.type === 'HoldPlaced') return [{ kind: 'hold', from, holdId: event.data.holdId, number }];
    if (event.type === 'HoldLifted') return [{ kind: 'lift', from, holdId: event.data.holdId, number }];
    if (event.type !== 'HaltOrdered') return [];
    const { holdId, clearanceIds } = event.data;
    return [{ kind: 'halt', from, holdId, number, clearanceIds }];
  });
}

const PUBLIC = new Set(['HoldPlaced', 'HoldLifted', 'HaltOrdered']);

/** @throws CounterexampleError S2 */
function judgeGrants(ledger: World['authorities'][number]['ledger'], events: readonly HoldLedgerEvent[]): void {
  for (const event of events) {
    if (event.type !== 'ClearanceGranted') continue;
    if (openHolds(ledger).length > 0) throw new CounterexampleError('S2', 'a clearance is granted beside an open hold');
    const { clearanceId } = event.data;
    if (ledger.clearances.some((one) => one.clearanceId === clearanceId))
      throw new CounterexampleError('S2', 'a request is granted twice');
  }
}

/** Writes to an authority's stream, and publishes. @throws CounterexampleError S2 */
export function writeLedger(world: World, index: number, events: readonly HoldLedgerEvent[]): World {
  const node = world.authorities[index] as World['authorities'][number];
  judgeGrants(node.ledger, events);
  const said = events.filter(({ type }) => PUBLIC.has(type));
  const next = withAuthority(world, index, {
    ledger: events.reduce((ledger, event) => holdLedgerDecider.evolve(ledger, event), node.ledger),
    version: node.version + events.length,
    published: [...node.published, ...said],
    number: node.number + said.length,
  });
  return withMessages(next, published(index, node.number + 1, said));
}

/** Writes to the gate's stream, and sends. */
export function writeGate({ rules }: Setting, world: World, events: readonly GateEvent[]): World {
  const { gate } = world;
  const file = events.reduce((state, event) => gateDecider.evolve(state, event), gate.file);
  const departure = events.find(({ type }) => type === 'DepartureConfirmed');
  const isDeparture = departure !== undefined && rules.mayLeave(file, file.attempt?.departureId ?? '', gate.clock);
  const open = isDeparture ? world.authorities.flatMap(({ ledger }) => openHolds(ledger)) : [];
  const mustBeOvertaken = [...world.mustBeOvertaken, ...open.map(({ holdId }) => holdId)].sort();
  const sent = events.flatMap((event): Message[] => {
    if (event.type === 'ClearanceAsked')
      return event.data.asked.map(({ authority, clearanceId }) => {
        return { kind: 'ask', to: authorityIndex(authority), clearanceId };
      });
    if (event.type !== 'HaltAcknowledged') return [];
    const { authority, holdId, clearanceIds, outcome } = event.data;
    return [{ kind: 'ack', to: authorityIndex(authority), holdId, clearanceIds, outcome }];
  });
  const next = { ...world, mustBeOvertaken, gate: { ...gate, file, version: gate.version + events.length } };
  return withMessages(next, sent);
}

/** Runs a command at the gate in one go. */
export function atGate(setting: Setting, world: World, label: string, isFair: boolean, command: GateCommand): Step[] {
  const events = decided(() => setting.rules.decideGate(command, world.gate.file));
  return events === null ? [] : [{ label, isFair, next: writeGate(setting, world, events) }];
}

/** Runs a command at an authority in one go. */
export function atAuthority(
  setting: Setting,
  world: World,
  index: number,
  label: string,
  isFair: boolean,
  command: HoldLedgerCommand,
): Step[] {
  const ledger = world.authorities[index]?.ledger ?? holdLedgerDecider.initialState;
  const events = decided(() => setting.rules.decideLedger(command, ledger));
  return events === null ? [] : [{ label, isFair, next: writeLedger(world, index, events) }];
}
