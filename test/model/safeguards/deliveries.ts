import { unknownLeases } from '@acogida/safeguards';
import { answering } from './clearing.ts';
import { NOTE_WITHDRAWAL } from './first-world.ts';
import { withConsentEnded } from './gate-steps.ts';
import { hearHalt, hearHold } from './gate-words.ts';
import { linkText } from './links.ts';
import { hearLinkAtAuthority, hearLinkAtGate } from './links-heard.ts';
import type { Setting } from './setting.ts';
import {
  authorityAt,
  authorityName,
  caseName,
  gateOf,
  type HaltAnswerWord,
  type Message,
  type News,
  RATE_ERROR_PER_MILLE,
  withAuthority,
  withGate,
  type World,
} from './world.ts';
import { atAuthority, NOW, type Step, stepTo } from './writing.ts';

/**
 * A message arrives, for the first time or once more. That a hold was placed need not reach the gate at all: it may be none of
 * those who read of it, unless it took the place of another.
 */
export function deliver(setting: Setting, world: World, message: Message): Step[] {
  switch (message.kind) {
    case 'ask':
      return authorityAt(world, message.to).isGone ? [] : answering(setting, world, message);
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
    case 'link': {
      const atGate = stepTo(`gate hears: ${linkText(message)}`, true, world, hearLinkAtGate(setting, world, message));
      const all = world.authorities.map((node, index) => ({ node, index })).filter(({ node }) => !node.isGone);
      return [...atGate, ...all.flatMap(({ index }) => hearLinkAtAuthority(setting, world, message, index))];
    }
    case 'gone':
    case 'withdrawal': {
      const atGate = stepTo(`gate hears: ${message.kind}`, true, world, gateHears(setting, world, message));
      return [...atGate, ...world.authorities.flatMap((_, index) => authorityHears(world, message, index))];
    }
  }
}

function gateHears(setting: Setting, world: World, { kind }: News): World {
  switch (kind) {
    case 'gone':
      return world.gate.knowsSuccession ? world : withGate(world, { knowsSuccession: true });
    case 'withdrawal':
      return withConsentEnded(setting, world, NOTE_WITHDRAWAL);
  }
}

/** The news as an authority takes them in: only the last one succeeds, and consent is no business of theirs. */
function authorityHears(world: World, { kind }: News, index: number): Step[] {
  const node = authorityAt(world, index);
  const label = `${authorityName(index)} hears: ${kind}`;
  if (node.isGone || kind === 'withdrawal') return [];
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
  const inCase = holding < 0 ? answeredIn : holding; // it may have gone with the database
  const at = { index: to, inCase, label: `${name} hears: ${outcome} (${holdId})`, isFair: true };
  const acting = { by: name, reading: node.clock, now: NOW };
  return atAuthority(setting, world, at, { type: 'RecordHaltAcknowledgement', ...acting, ...said });
}
