import { type GateCommand, type HoldLedgerCommand, replyTo } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import { authorityName, type Message, termsOf, withAuthority, withMessages, type World } from './world.ts';
import { atAuthority, atGate, decided, GATE, NOW, type Step } from './writing.ts';

/** A message arrives, for the first time or once more. */
export function deliver(setting: Setting, world: World, message: Message): Step[] {
  const { gate } = world;
  switch (message.kind) {
    case 'ask':
      return deliverAsk(setting, world, message);
    case 'reply': {
      const { clearanceId, reply, from } = message;
      const isAsked = gate.file.attempt?.asked.some((one) => one.clearanceId === clearanceId) === true;
      if (!isAsked || gate.received[clearanceId] !== undefined) return [];
      const received = { ...gate.received, [clearanceId]: reply };
      const label = `gate gets the answer of ${authorityName(from)} (${reply.isGranted ? 'granted' : 'refused'})`;
      return [{ label, isFair: true, next: { ...world, gate: { ...gate, received } } }];
    }
    case 'ack': {
      const { to, holdId, clearanceIds, outcome } = message;
      const clock = world.authorities[to]?.clock ?? gate.clock;
      const departedAt = outcome === 'DEPARTED' ? NOW : null;
      const said = { gate: GATE, holdId, clearanceIds, outcome, departedAt };
      const command = {
        type: 'RecordHaltAcknowledgement',
        by: authorityName(to),
        reading: clock,
        now: NOW,
        ...said,
      } as const;
      const label = `${authorityName(to)} hears: ${outcome} (${holdId})`;
      return atAuthority(setting, world, to, label, true, command);
    }
    case 'hold':
    case 'lift':
    case 'halt':
      return atGate(setting, world, `gate hears of ${message.kind} ${message.holdId}`, true, wordOf(message));
  }
}

/** An authority's word as the gate takes it in. */
function wordOf(
  message: Extract<Message, { kind: 'hold' | 'lift' }> | Extract<Message, { kind: 'halt' }>,
): GateCommand {
  const { from, holdId, number } = message;
  const word = { authority: authorityName(from), holdId, number, now: NOW };
  switch (message.kind) {
    case 'lift':
      return { type: 'HearHoldLifted', ...word };
    case 'hold':
      return { type: 'HearHold', ...word, since: NOW, takenOverFrom: null };
    case 'halt':
      return { type: 'RecordHalt', caseId: 'case', ...word, since: NOW, clearanceIds: message.clearanceIds };
  }
}

/** The authority decides and may be paused before it writes; once it has answered, it says the same again. */
function deliverAsk(setting: Setting, world: World, message: Extract<Message, { kind: 'ask' }>): Step[] {
  const { to, clearanceId } = message;
  const node = world.authorities[to] as World['authorities'][number];
  const name = authorityName(to);
  const reply = replyTo(node.ledger, clearanceId, node.clock);
  const steps: Step[] = [];
  if (reply !== null) {
    const next = withMessages(world, [{ kind: 'reply', from: to, clearanceId, reply }]);
    if (next !== world) steps.push({ label: `${name} answers ${clearanceId}`, isFair: true, next });
  }
  if (node.pending !== null) return steps;
  const command: HoldLedgerCommand = {
    ...{ type: 'AnswerClearance', by: name, reading: node.clock, now: NOW, caseId: 'case', clearanceId, gate: GATE },
    ...{ removal: 'EXPULSION', search: 'KNOWN', terms: termsOf(setting.scenario, to) },
    obstacles: node.unknownLeases === null ? [] : ['AWAITS_ATTESTATION'],
  };
  const events = decided(() => setting.rules.decideLedger(command, node.ledger));
  if (events === null) return steps;
  const pending = { what: clearanceId, version: node.version, events };
  return [
    ...steps,
    { label: `${name} decides on ${clearanceId}`, isFair: true, next: withAuthority(world, to, { pending }) },
  ];
}
