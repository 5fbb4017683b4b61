import { hash } from 'node:crypto';
import { type Awaited, type Count, type Reading, remainingMs } from '@acogida/safeguards';
import type { Message, Scenario, World } from './world.ts';

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

function gateText({ gate, left, mustBeOvertaken }: World): string {
  const { clock, file, version, pending, received } = gate;
  const { attempt } = file;
  const valid = attempt?.validUntil ? relative(attempt.validUntil, clock) : '';
  const begun = pending?.events.map((event) =>
    event.type === 'WarrantIssued' ? relative(event.data.validUntil, clock) : event.type,
  );
  const asked = attempt?.asked.map(({ clearanceId }) => clearanceId) ?? [];
  return [
    attempt === null ? '' : `${attempt.departureId}${attempt.status}${relative(attempt.askedFrom, clock)}/${valid}`,
    sorted(asked),
    sorted(file.heard.map(({ holdId, number, isOpen }) => `${holdId}${number}${isOpen}`)),
    sorted(file.departures.map(({ departureId, clearanceIds }) => `${departureId}${clearanceIds.length}`)),
    sorted(file.acknowledged.map(({ holdId, clearanceIds }) => `${holdId}${clearanceIds.join()}`)),
    pending === null ? '' : `${pending.what}${pending.version === version}${begun?.join()}`,
    sorted(Object.entries(received).map(([id, reply]) => `${id}${reply.isGranted}`)),
    ...[left.attempts, left.ticks, left.gateCrashes, left.authorityCrashes, left.lifts, left.restores],
    sorted(mustBeOvertaken),
  ].join(';');
}

function authorityText({
  clock,
  ledger,
  version,
  pending,
  number,
  unknownLeases,
}: World['authorities'][number]): string {
  const holds = ledger.holds.map(({ holdId, isOpen, protection, isOvertaken, awaits }) =>
    [holdId, isOpen, protection?.basis, isOvertaken, sorted(awaits.map((one) => awaitedText(one, clock)))].join('|'),
  );
  const begun = pending?.events.map((event) =>
    event.type === 'ClearanceGranted' ? countText(event.data.count, clock) : event.type,
  );
  return [
    holds.join(),
    ledger.clearances.map(({ clearanceId, count }) => `${clearanceId}${countText(count, clock)}`).join(),
    sorted(ledger.refusals.map(({ clearanceId }) => clearanceId)),
    sorted(ledger.halts.map(({ clearanceIds }) => clearanceIds.join('+'))),
    sorted(
      ledger.answers.map(
        ({ gate, holdId, clearanceIds, outcome }) => `${gate}${holdId}${clearanceIds.join('+')}${outcome}`,
      ),
    ),
    pending === null ? '' : `${pending.what}${pending.version === version}${begun?.join()}`,
    ...[number, countText(unknownLeases, clock)],
  ].join(';');
}

function messageText(message: Message): string {
  const { kind } = message;
  switch (kind) {
    case 'ask':
      return `?${message.clearanceId}`;
    case 'reply':
      return `!${message.clearanceId}${message.reply.isGranted}`;
    case 'hold':
    case 'lift':
      return `${kind}${message.holdId}${message.number}`;
    case 'halt':
      return `halt${message.holdId}${message.number}${message.clearanceIds.join('+')}`;
    case 'ack':
      return `ack${message.holdId}${message.clearanceIds.join('+')}${message.outcome}`;
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
export function fingerprint({ isSymmetric }: Scenario, world: World): string {
  const gate = gateText(world);
  const authorities = world.authorities.map(authorityText);
  const messages = sorted(Object.values(world.messages).map(messageText));
  const text = `${gate}\n${authorities.join('\n')}\n${messages}`;
  if (!isSymmetric) return hash('sha1', text, 'base64');
  const mirrored = [
    resorted(gate),
    ...authorities.toReversed().map(exchanged),
    sorted(exchanged(messages).split(',')),
  ].join('\n');
  const straight = [resorted(exchanged(gate)), ...authorities, messages].join('\n');
  return hash('sha1', straight < mirrored ? straight : mirrored, 'base64');
}
