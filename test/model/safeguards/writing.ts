import { consentOf } from '@acogida/referral';
import {
  type GateCommand,
  gateDecider,
  type GateEvent,
  type HoldLedgerCommand,
  holdLedgerDecider,
  type HoldLedgerEvent,
  holdLedgerProcedure,
  openHolds,
} from '@acogida/safeguards';
import { CounterexampleError } from '../exploration/counterexample.ts';
import { decided } from '../exploration/decided.ts';
import type { Step as AnyStep } from '../exploration/explore.ts';
import { CONSENT_ID } from './first-world.ts';
import { casesAtAuthority, casesAtGate } from './links.ts';
import type { Setting } from './setting.ts';
import { standingHolds, successorsIn } from './standing-holds.ts';
import {
  authorityAt,
  authorityIndex,
  type AuthorityNode,
  gateCaseAt,
  isUnattested,
  ledgerAt,
  type LedgerEntry,
  type LedgerStream,
  type Message,
  type Question,
  withAuthority,
  withGateCase,
  withMessages,
  type World,
} from './world.ts';

/** Something that may happen next. */
export type Step = AnyStep<World>;

/** No calendar clock decides anything. */
export const NOW = '2026-11-22T11:00:00.000Z';

/** Whether the gate knows that the person has withdrawn consent. */
export function isConsentWithdrawn({ gate }: World): boolean {
  return consentOf(gate.consents, CONSENT_ID)?.status === 'WITHDRAWN';
}

/** What other nodes hear of an authority's events, each with its number. */
function published(from: number, first: number, entries: readonly LedgerEntry[]): readonly Message[] {
  return entries.flatMap(({ inCase, event }, index): Message[] => {
    const word = { from, inCase, number: first + index };
    if (event.type === 'HoldPlaced') {
      const { holdId, takenOverFrom } = event.data;
      return [{ kind: 'hold', ...word, holdId, takenOverFrom }];
    }
    if (event.type === 'HoldLifted') return [{ kind: 'lift', ...word, holdId: event.data.holdId, takenOverFrom: null }];
    if (event.type !== 'HaltOrdered') return [];
    const { holdId, clearanceIds } = event.data;
    return [{ kind: 'halt', ...word, holdId, clearanceIds }];
  });
}

const PUBLIC = new Set(['HoldPlaced', 'HoldLifted', 'HaltOrdered']);

/** @throws CounterexampleError S2 */
function judgeGrant(world: World, node: AuthorityNode, { inCase, event }: LedgerEntry): void {
  if (event.type !== 'ClearanceGranted') return;
  const ledger = ledgerAt(node, inCase);
  const { clearanceId: asked } = event.data;
  const isQuestion = (one: Message): one is Question => one.kind === 'ask' && one.clearanceId === asked;
  const named = Object.values(world.messages).find(isQuestion)?.named;
  if (casesAtAuthority(node, inCase, named).some((linked) => openHolds(ledgerAt(node, linked)).length > 0))
    throw new CounterexampleError('S2', 'a clearance is granted beside an open hold');
  const { clearanceId } = event.data;
  if (ledger.clearances.some((one) => one.clearanceId === clearanceId))
    throw new CounterexampleError('S2', 'a request is granted twice');
}

function written(ledgers: readonly LedgerStream[], { inCase, event }: LedgerEntry): readonly LedgerStream[] {
  return ledgers.map((stream, at) =>
    at === inCase ? { ledger: holdLedgerDecider.evolve(stream.ledger, event), version: stream.version + 1 } : stream,
  );
}

/** Of clocks a copy has nothing that counts in another process. */
function writeText(entries: readonly LedgerEntry[]): string {
  const texts = entries.map(({ inCase, event }) => [inCase, event.type, event.data]);
  return JSON.stringify(texts, (key, value: unknown) => (key === 'from' ? undefined : value));
}

/** Writes to an authority's streams, and publishes. @throws CounterexampleError S2 */
export function writeLedgers(
  { scenario }: Setting,
  world: World,
  index: number,
  entries: readonly LedgerEntry[],
): World {
  let node = authorityAt(world, index);
  const { number, published: before } = node;
  for (const entry of entries) judgeGrant(world, node, entry);
  for (const entry of entries) node = { ...node, ledgers: written(node.ledgers, entry) };
  const isOwn = scenario.isOwnGate && index === 0; // its gate is told nothing over the log
  const said = entries.filter(({ event }) => PUBLIC.has(event.type) && !(isOwn && event.type === 'HaltOrdered'));
  const isKept = world.left.restores > 0;
  const next = withAuthority(world, index, {
    ...node,
    ...{ published: [...before, ...said], number: number + said.length },
    written: isKept ? [...node.written, { entries, text: writeText(entries) }] : node.written,
  });
  return isOwn ? next : withMessages(next, published(index, number + 1, said));
}

/**
 * What a person's leaving means: holds that are open have to be told, and none of them is protected.
 *
 * @throws CounterexampleError S1, INV-14
 */
export function withLeaving(setting: Setting, world: World, departureId: string, inCase: number): World {
  if (isConsentWithdrawn(world)) throw new CounterexampleError('INV-14', 'somebody leaves who withdrew consent');
  const open = standingHolds(setting, world).filter(({ cases }) => cases.includes(inCase));
  const standing = open.find(({ hold: { protection } }) => protection !== null);
  if (standing !== undefined)
    throw new CounterexampleError('S1', `somebody leaves and ${standing.hold.holdId} is protected`);
  const left = open.filter(({ hold }) => hold.isOpen).map(({ hold }) => hold.holdId);
  const mustBeOvertaken = [...new Set([...world.mustBeOvertaken, ...left])].sort();
  return { ...world, mustBeOvertaken, leavings: [...world.leavings, { departureId, inCase }] };
}

function sentByGate(world: World, events: readonly GateEvent[], inCase: number, first: number): readonly Message[] {
  let number = first;
  const named = casesAtGate(world, inCase).slice(1);
  const successors = world.gate.knowsSuccession ? Object.values(successorsIn(world)) : [];
  return events.flatMap((event): Message[] => {
    if (event.type === 'ClearanceAsked')
      return event.data.asked.map(({ authority, clearanceId }) => {
        const inPlaceOfAnother = successors.includes(authority);
        return { kind: 'ask', to: authorityIndex(authority), inCase, clearanceId, named, inPlaceOfAnother };
      });
    if (event.type !== 'HaltAcknowledged') return [];
    const { authority, holdId, clearanceIds, outcome } = event.data;
    number += 1;
    const said = { inCase, answeredIn: inCase, number, holdId, clearanceIds, outcome } as const;
    return [{ kind: 'ack', to: authorityIndex(authority), ...said }];
  });
}

/** Writes to a stream of the gate, and sends. Whoever writes a departure has the door before it. */
export function writeGate(world: World, inCase: number, events: readonly GateEvent[]): World {
  const { file: before, version, published: said, door } = gateCaseAt(world, inCase);
  const file = events.reduce((state, event) => gateDecider.evolve(state, event), before);
  const isDeparture = events.some(({ type }) => type === 'DepartureConfirmed');
  const next = withGateCase(world, inCase, {
    ...{ file, version: version + events.length, door: isDeparture ? (file.attempt?.departureId ?? null) : door },
    published: [...said, ...events.filter(({ type }) => type === 'HaltAcknowledged')],
  });
  return withMessages(next, sentByGate(next, events, inCase, said.length));
}

/** What a command at the gate comes to; the same world where it is refused or changes nothing. */
export function runAtGate(setting: Setting, world: World, inCase: number, command: GateCommand): World {
  const events = decided(() => setting.rules.decideGate(command, gateCaseAt(world, inCase).file));
  return events === null ? world : writeGate(world, inCase, events);
}

/** A step that is one if it changes anything. */
export function stepTo(label: string, isFair: boolean, before: World, next: World): Step[] {
  return next === before ? [] : [{ label, isFair, next }];
}

/** What a command on one ledger of an authority would cause. */
export function entriesOf(
  { rules }: Setting,
  node: AuthorityNode,
  inCase: number,
  command: HoldLedgerCommand,
): readonly LedgerEntry[] {
  const isOpen = rules.broken === 'AUTHORITY_PLACES_AGAIN_FIRST' || !isUnattested(node, inCase);
  if (!isOpen && !holdLedgerProcedure.takesUnattested(command)) return [];
  const events: readonly HoldLedgerEvent[] = decided(() => rules.decideLedger(command, ledgerAt(node, inCase))) ?? [];
  return events.map((event) => ({ inCase, event }));
}

/** Runs a command at an authority in one go. */
export function atAuthority(
  setting: Setting,
  world: World,
  { index, inCase, label, isFair }: { index: number; inCase: number; label: string; isFair: boolean },
  command: HoldLedgerCommand,
): Step[] {
  const entries = entriesOf(setting, authorityAt(world, index), inCase, command);
  return entries.length === 0 ? [] : [{ label, isFair, next: writeLedgers(setting, world, index, entries) }];
}
