import type { ClearanceRefusal } from '@acogida/reference';
import { type HoldLedgerCommand, openHolds, replyTo, unknownLeases } from '@acogida/safeguards';
import { NOTE_WITHDRAWAL } from './first-world.ts';
import { withConsentEnded } from './gate-steps.ts';
import { hearHalt, hearHold, hearLink, LINK } from './gate-words.ts';
import type { Setting } from './setting.ts';
import { holdsToTakeOver } from './standing-holds.ts';
import {
  authorityAt,
  authorityName,
  type AuthorityNode,
  caseName,
  gateOf,
  type HaltAnswerWord,
  ledgerAt,
  linkedTo,
  type Message,
  type News,
  type Question,
  RATE_ERROR_PER_MILLE,
  termsOf,
  withAuthority,
  withGate,
  withMessages,
  type World,
} from './world.ts';
import { forgottenAt } from './authority-steps.ts';
import { atAuthority, entriesOf, NOW, type Step, stepTo, writeLedgers } from './writing.ts';

/**
 * A message arrives, for the first time or once more. That a hold was placed need not reach the gate at all: it may be none of
 * those who read of it, unless it took the place of another.
 */
export function deliver(setting: Setting, world: World, message: Message): Step[] {
  switch (message.kind) {
    case 'ask':
      return authorityAt(world, message.to).isGone ? [] : deliverAsk(setting, world, message);
    case 'reply':
      return deliverReply(world, message);
    case 'ack':
      return authorityAt(world, message.to).isGone ? [] : deliverAck(setting, world, message);
    case 'hold':
    case 'lift': {
      const label = `gate hears of ${message.kind} ${message.holdId}`;
      const isSure = message.kind === 'lift' || message.takenOverFrom !== null || world.gate.awaitsAttestation;
      return stepTo(label, isSure, world, hearHold(setting, world, message));
    }
    case 'halt':
      return stepTo(`gate hears of halt ${message.holdId}`, true, world, hearHalt(setting, world, message));
    case 'link':
    case 'gone':
    case 'withdrawal': {
      const atGate = stepTo(`gate hears: ${message.kind}`, true, world, gateHears(setting, world, message));
      return [...atGate, ...world.authorities.flatMap((_, index) => authorityHears(setting, world, message, index))];
    }
  }
}

function gateHears(setting: Setting, world: World, { kind }: News): World {
  switch (kind) {
    case 'link':
      return hearLink(setting, world);
    case 'gone':
      return world.gate.knowsSuccession ? world : withGate(world, { knowsSuccession: true });
    case 'withdrawal':
      return withConsentEnded(setting, world, NOTE_WITHDRAWAL);
  }
}

/** The news as an authority takes them in: only the last one succeeds, and consent is no business of theirs. */
function authorityHears(setting: Setting, world: World, { kind }: News, index: number): Step[] {
  const node = authorityAt(world, index);
  const label = `${authorityName(index)} hears: ${kind}`;
  if (node.isGone || kind === 'withdrawal') return [];
  if (kind === 'link') {
    const entries = node.ledgers.flatMap((_, inCase) => {
      const other = 1 - inCase;
      const command = {
        ...({ type: 'LinkLedger', by: authorityName(index), reading: node.clock, now: NOW } as const),
        ...{ linkedCaseId: caseName(other), link: LINK, clearances: ledgerAt(node, other).clearances },
        unknownLeases: forgottenAt(setting, node),
      };
      return entriesOf(setting, node, inCase, command);
    });
    return entries.length === 0 ? [] : [{ label, isFair: true, next: writeLedgers(setting, world, index, entries) }];
  }
  if (node.knowsSuccession || index !== world.authorities.length - 1) return [];
  const forgotten = unknownLeases(node.clock, RATE_ERROR_PER_MILLE);
  const next = withAuthority(world, index, { knowsSuccession: true, unknownLeases: forgotten });
  return [{ label, isFair: true, next }];
}

function deliverReply(
  world: World,
  { clearanceId, reply, from }: Extract<Message, { readonly kind: 'reply' }>,
): Step[] {
  const { gate } = world;
  const isAsked = gate.cases.some(({ file }) => file.attempt?.asked.some((one) => one.clearanceId === clearanceId));
  if (!isAsked || gate.received[clearanceId] !== undefined) return [];
  const label = `gate gets the answer of ${authorityName(from)} (${reply.isGranted ? 'granted' : 'refused'})`;
  const next = withGate(world, { received: { ...gate.received, [clearanceId]: reply } });
  return [{ label, isFair: true, next }];
}

/** On the ledger that has the hold. */
function deliverAck(setting: Setting, world: World, message: HaltAnswerWord): Step[] {
  const { to, holdId, clearanceIds, outcome, answeredIn, number } = message;
  const word = { stream: caseName(answeredIn), number };
  const node = authorityAt(world, to);
  const name = authorityName(to);
  const holding = node.ledgers.findIndex(({ ledger }) => ledger.holds.some((hold) => hold.holdId === holdId));
  const departedAt = outcome === 'DEPARTED' ? NOW : null;
  const said = { gate: gateOf(setting.scenario), holdId, clearanceIds, outcome, departedAt, word };
  const at = { index: to, inCase: Math.max(0, holding), label: `${name} hears: ${outcome} (${holdId})`, isFair: true };
  const acting = { by: name, reading: node.clock, now: NOW };
  return atAuthority(setting, world, at, { type: 'RecordHaltAcknowledgement', ...acting, ...said });
}

/** What speaks against a clearance beside the ledger that is asked. */
function obstaclesAt(
  { rules }: Setting,
  world: World,
  { to: index, inPlaceOfAnother }: Question,
  inCase: number,
): readonly ClearanceRefusal[] {
  const node = authorityAt(world, index);
  const others = linkedTo(ledgerAt(node, inCase), inCase).filter((one) => one !== inCase);
  const isHeld = others.some((one) => openHolds(ledgerAt(node, one)).length > 0);
  const isBehind = holdsToTakeOver(world, index).length > 0;
  const isUnaware = inPlaceOfAnother && !node.knowsSuccession;
  return [
    ...(isUnaware && rules.broken !== 'SUCCESSOR_KNOWS_ITS_PLACE' ? (['EVENT_PARKED'] as const) : []),
    ...(node.isRestored && node.unknownLeases !== null ? (['AWAITS_ATTESTATION'] as const) : []),
    ...(isHeld && rules.broken !== 'LINKED_HOLDS_REFUSE' ? (['HOLD_ACTIVE'] as const) : []),
    ...(isBehind && rules.broken !== 'SUCCESSOR_TAKES_OVER_FIRST' ? (['HOLD_ACTIVE'] as const) : []),
  ];
}

/** What an authority tells a gate again: whatever any of the linked ledgers has against it. */
function replyOf(node: AuthorityNode, cases: readonly number[], clearanceId: string) {
  const replies = cases.map((one) => replyTo(ledgerAt(node, one), clearanceId, node.clock));
  const known = replies.filter((reply) => reply !== null);
  return known.find(({ isGranted }) => !isGranted) ?? known[0] ?? null;
}

/** The authority decides and may be paused before it writes; once it has answered, it says the same again. */
function deliverAsk(setting: Setting, world: World, question: Question): Step[] {
  const { to, inCase, clearanceId } = question;
  const node = authorityAt(world, to);
  const reply = replyOf(node, linkedTo(ledgerAt(node, inCase), inCase), clearanceId);
  const replied = reply === null ? world : withMessages(world, [{ kind: 'reply', from: to, clearanceId, reply }]);
  const said = stepTo(`${authorityName(to)} answers ${clearanceId}`, true, world, replied);
  return node.pending === null ? [...said, ...deciding(setting, world, question)] : said;
}

/** On the asked ledger and those that are linked to it, all or none. */
function deciding(setting: Setting, world: World, question: Question): Step[] {
  const { to, inCase, clearanceId } = question;
  const { scenario, rules } = setting;
  const node = authorityAt(world, to);
  const name = authorityName(to);
  const linked = linkedTo(ledgerAt(node, inCase), inCase);
  const answerIn = (one: number): HoldLedgerCommand => ({
    ...{ type: 'AnswerClearance', by: name, reading: node.clock, now: NOW, caseId: caseName(one), clearanceId },
    ...{ gate: gateOf(scenario), removal: 'EXPULSION', search: 'KNOWN', terms: termsOf(scenario, to) },
    obstacles: obstaclesAt(setting, world, question, one),
  });
  const cases = rules.broken === 'CLEARANCE_IN_ALL_LEDGERS' ? [inCase] : linked;
  const asked = entriesOf(setting, node, inCase, answerIn(inCase));
  if (asked.length === 0) return [];
  const others = cases.filter((one) => one !== inCase).flatMap((one) => entriesOf(setting, node, one, answerIn(one)));
  const versions = node.ledgers.map(({ version }, at) => (cases.includes(at) ? version : -1));
  const pending = { what: clearanceId, versions, events: [...asked, ...others] };
  const next = withAuthority(world, to, { pending });
  return [{ label: `${name} decides on ${clearanceId}`, isFair: true, next }];
}
