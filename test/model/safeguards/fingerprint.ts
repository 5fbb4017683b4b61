import { hash } from 'node:crypto';
import {
  type Awaited,
  type Count,
  type GateEvent,
  type GateFile,
  type HoldLedger,
  type HoldLedgerEvent,
  type Reading,
  remainingMs,
} from '@acogida/safeguards';
import { linkText } from './links.ts';
import type { Scenario } from './terms.ts';
import type { AuthorityNode, GateCase, Message, World } from './world.ts';
import { isConsentWithdrawn } from './writing.ts';

/** Beyond this no clock of a scenario tells anything. */
const FAR_MS = 60;

/** How a reading of a node's clock lies to that clock now; of an earlier process it is marked. */
function relative({ boot, ms }: Reading, now: Reading): string {
  const distanceMs = Math.max(-FAR_MS, Math.min(FAR_MS, ms - now.ms));
  return `${boot === now.boot ? '' : 'x'}${distanceMs}`;
}

function countText(count: Count | null, now: Reading): string {
  if (count === null) return '-';
  return `${Math.min(FAR_MS, remainingMs(count, now))}${count.from.boot === now.boot ? '' : 'x'}`;
}

function awaitedText({ gate, clearanceId, count }: Awaited, now: Reading): string {
  return `${gate}/${clearanceId}/${countText(count, now)}`;
}

function sorted(texts: readonly string[]): string {
  return texts.toSorted().join(',');
}

/** States share most of their parts: the text of each is made once. */
function once<K extends object>(textOf: (part: K) => string): (part: K) => string {
  const texts = new WeakMap<K, string>();
  return (part) => {
    const known = texts.get(part);
    if (known !== undefined) return known;
    const text = textOf(part);
    texts.set(part, text);
    return text;
  };
}

function linksText(links: GateFile['links']): string {
  return sorted(links.map(({ by, linkedCaseId, revision }) => `${by}${linkedCaseId}${revision}`));
}

function attemptText({ file: { attempt } }: GateCase, clock: Reading): string {
  if (attempt === null) return '';
  const { departureId, status, askedFrom, validUntil, isStopped } = attempt;
  return `${departureId}${status}${isStopped ? '!' : ''}${relative(askedFrom, clock)}/${validUntil ? relative(validUntil, clock) : ''}`;
}

function begunText(event: GateEvent, clock: Reading): string {
  return event.type === 'WarrantIssued' ? relative(event.data.validUntil, clock) : event.type;
}

function gateCaseText(one: GateCase, clock: Reading): string {
  const { file, version, pending } = one;
  const begun = pending?.events.map((event) => begunText(event, clock));
  return [
    attemptText(one, clock),
    sorted(file.attempt?.asked.map(({ clearanceId }) => clearanceId) ?? []),
    sorted(
      file.heard.map(
        ({ authority, holdId, number, isOpen, takenOverFrom }) =>
          `${authority}${holdId}${number}${isOpen}${takenOverFrom}`,
      ),
    ),
    sorted(file.departures.map(({ departureId, clearanceIds }) => `${departureId}${clearanceIds.length}`)),
    sorted(
      file.acknowledged.map(
        ({ authority, holdId, clearanceIds, outcome, number }) =>
          `${authority}${holdId}${clearanceIds.join()}${outcome}${number}`,
      ),
    ),
    one.door ?? '',
    pending === null ? '' : `${pending.what}${pending.versions[0] === version}${begun?.join()}`,
    linksText(file.links),
  ].join(';');
}

const GATE_CASE_TEXTS = new WeakMap<GateCase, { readonly clock: Reading; readonly text: string }>();

function gateCaseTextAt(one: GateCase, clock: Reading): string {
  const known = GATE_CASE_TEXTS.get(one);
  if (known?.clock === clock) return known.text;
  const text = gateCaseText(one, clock);
  GATE_CASE_TEXTS.set(one, { clock, text });
  return text;
}

function gateText({ isOwnGate }: Scenario, world: World): string {
  const { gate, left, mustBeOvertaken, leavings } = world;
  const { clock, cases, received, awaitsAttestation, knowsSuccession } = gate;
  const mayForget = left.gateRestores > 0 || (isOwnGate && left.restores > 0);
  return [
    ...cases.map((one) => gateCaseTextAt(one, clock)),
    sorted(Object.entries(received).map(([id, reply]) => `${id}${reply.isGranted}`)),
    Object.values(left).join(),
    sorted(mustBeOvertaken),
    mayForget || awaitsAttestation ? sorted(leavings.map(({ departureId }) => departureId)) : '',
    `${awaitsAttestation}${knowsSuccession}${isConsentWithdrawn(world)}`,
  ].join(';');
}

function ledgerText(ledger: HoldLedger, clock: Reading): string {
  const holds = ledger.holds.map(({ holdId, isOpen, protection, isOvertaken, awaits }) =>
    [holdId, isOpen, protection?.basis, isOvertaken, sorted(awaits.map((one) => awaitedText(one, clock)))].join('|'),
  );
  return [
    holds.join(),
    ledger.clearances.map(({ clearanceId, count }) => `${clearanceId}${countText(count, clock)}`).join(),
    sorted(ledger.refusals.map(({ clearanceId }) => clearanceId)),
    sorted(ledger.halts.map(({ clearanceIds }) => clearanceIds.join('+'))),
    sorted(
      ledger.answers.map(
        ({ gate, holdId, clearanceIds, outcome, word }) =>
          `${gate}${holdId}${clearanceIds.join('+')}${outcome}${word?.stream}${word?.number}`,
      ),
    ),
    linksText(ledger.links),
  ].join(';');
}

function pendingText({ pending, ledgers, clock }: AuthorityNode): string {
  if (pending === null) return '';
  const { what, versions, events } = pending;
  const text = (event: HoldLedgerEvent): string =>
    event.type === 'ClearanceGranted' ? countText(event.data.count, clock) : event.type;
  const isSame = versions.map((version, inCase) => version < 0 || version === ledgers[inCase]?.version);
  return `${what}${isSame.join()}${events.map(({ inCase, event }) => `${inCase}${text(event)}`).join()}`;
}

function authorityText(node: AuthorityNode, isCopied: boolean): string {
  const { written, onPaper } = node;
  const { clock, ledgers, number, unknownLeases, isRestored, isGone, knowsSuccession, known } = node;
  return [
    ...ledgers.map(({ ledger }) => ledgerText(ledger, clock)),
    pendingText(node),
    isCopied ? written.map(({ text }) => text).join() : '',
    sorted(onPaper.map(({ hold: { holdId, protection } }) => `${holdId}${protection !== null}`)),
    ...[number, countText(unknownLeases, clock), isRestored, isGone, knowsSuccession],
    sorted(known.map(({ holdId, placed, lifted }) => `${holdId}+${placed}-${lifted}`)),
  ].join(';');
}

const AUTHORITY_TEXTS = {
  copied: once((node: AuthorityNode) => authorityText(node, true)),
  kept: once((node: AuthorityNode) => authorityText(node, false)),
};

const eachMessage = once(messageText);
const messagesText = once((messages: World['messages']) => sorted(Object.values(messages).map(eachMessage)));

function messageText(message: Message): string {
  const { kind } = message;
  switch (kind) {
    case 'ask':
      return `?${message.clearanceId}${message.named.join()}`;
    case 'reply':
      return `!${message.clearanceId}${message.reply.isGranted}`;
    case 'hold':
    case 'lift':
      return `${kind}a${message.from}${message.holdId}${message.number}`;
    case 'halt':
      return `halta${message.from}${message.holdId}${message.number}${message.clearanceIds.join('+')}`;
    case 'ack':
      return `acka${message.to}${message.holdId}${message.clearanceIds.join('+')}${message.outcome}${message.answeredIn}#${message.number}`;
    case 'link':
      return linkText(message);
    case 'gone':
    case 'withdrawal':
      return kind;
  }
}

const OTHER_NAME = { a0: 'a1', a1: 'a0' } as const;

function exchanged(text: string): string {
  return text.replace(/a[01]/g, (name) => OTHER_NAME[name as 'a0' | 'a1']);
}

/** The parts in an order that does not depend on the names of authorities. */
function resorted(text: string): string {
  return exchanged(text)
    .split(';')
    .map((part) => sorted(part.split(',')))
    .join(';');
}

/**
 * What a state is told apart by: equal for states from which the same can follow. Clocks count only as far as they lie apart
 * from what was read of them, and where authorities are alike, exchanging them changes nothing.
 */
export function fingerprint(scenario: Scenario, world: World): string {
  const gate = gateText(scenario, world);
  const { copies } = scenario;
  const isCopied = copies === 'ANY' && world.left.restores > 0;
  const authorities = world.authorities.map(isCopied ? AUTHORITY_TEXTS.copied : AUTHORITY_TEXTS.kept);
  const messages = messagesText(world.messages);
  const text = `${gate}\n${authorities.join('\n')}\n${messages}`;
  if (!scenario.isSymmetric) return hash('sha1', text, 'base64');
  const mirrored = [
    resorted(gate),
    ...authorities.toReversed().map(exchanged),
    sorted(exchanged(messages).split(',')),
  ].join('\n');
  const straight = [resorted(exchanged(gate)), ...authorities, messages].join('\n');
  return hash('sha1', straight < mirrored ? straight : mirrored, 'base64');
}
