import { holdLedgerDecider, isUnderWay, openHolds, type Reading } from '@acogida/safeguards';
import { CounterexampleError } from '../exploration/counterexample.ts';
import { casesAtGate, trulyLinkedTo } from './links.ts';
import type { Setting } from './setting.ts';
import { standingHolds } from './standing-holds.ts';
import { authorityName, caseName, gateCaseAt, ledgerAt, type World } from './world.ts';
import { isConsentWithdrawn } from './writing.ts';

/** Longer than any lease, forgotten ones included, on any clock. */
const FOREVER_MS = 1_000_000_000;

/**
 * What holds in every state: no warrant is valid once a hold is protected, on any case that its authority knows to be the same
 * person's (S1), none at a gate that has heard of an open hold (INV-02), none once the gate knows that consent was withdrawn
 * (INV-14).
 *
 * @throws CounterexampleError
 */
export function judgeState(setting: Setting, world: World): void {
  world.gate.cases.forEach(({ file }, inCase) => {
    if (!setting.rules.isWarrantValid(file.attempt, world.gate.clock)) return;
    if (isConsentWithdrawn(world))
      throw new CounterexampleError('INV-14', 'a warrant is valid and consent was withdrawn');
    const standing = standingHolds(setting, world).find(
      ({ cases, hold: { protection } }) => protection !== null && cases.includes(inCase),
    );
    if (standing !== undefined)
      throw new CounterexampleError('S1', `a warrant is valid and ${standing.hold.holdId} is protected`);
    const heard = casesAtGate(world, inCase)
      .flatMap((one) => gateCaseAt(world, one).file.heard)
      .find(({ isOpen }) => isOpen);
    if (heard !== undefined)
      throw new CounterexampleError('INV-02', `a warrant is valid and ${heard.holdId} was heard of`);
  });
}

/**
 * What holds where nothing is on its way any more, once all leases are over: each hold is protected, by whoever answers for it
 * now, whoever left while it was open, or by a clearance that it waited for, is reported overtaken, and nobody who is still there
 * (S3).
 *
 * @throws CounterexampleError
 */
function judgeProtection({ rules, scenario }: Setting, { authorities, gate, left, mustBeOvertaken }: World): void {
  const present = authorities.filter(({ isGone }) => !isGone);
  const departures = gate.cases.flatMap(({ file }) => file.departures);
  const used: readonly (string | null)[] = departures.flatMap(({ clearanceIds }) => clearanceIds);
  // Of a restored gate nobody knows whether a departure that it forgot had been taken back.
  const { gateRestores, restores } = scenario.budget;
  const isRestored = left.gateRestores < gateRestores || (scenario.isOwnGate && left.restores < restores);
  const isAnybodyGone = departures.length > 0 || isRestored;
  for (const { clock, ledgers } of present)
    for (const { ledger } of ledgers) {
      const reading: Reading = { ...clock, ms: clock.ms + FOREVER_MS };
      const command = { type: 'NoteEndedLeases', by: 'a', reading, now: '' } as const;
      const events = rules.decideLedger(command, ledger);
      const rested = events.reduce((state, event) => holdLedgerDecider.evolve(state, event), ledger);
      const bare = openHolds(rested).find(({ protection }) => protection === null);
      if (bare !== undefined) throw new CounterexampleError('S3', `${bare.holdId} is never protected`);
      const silent = rested.holds.find(({ holdId, isOvertaken }) => mustBeOvertaken.includes(holdId) && !isOvertaken);
      if (silent !== undefined)
        throw new CounterexampleError('S3', `nobody reports that ${silent.holdId} was overtaken`);
      const untold = rested.holds.find(
        ({ isOvertaken, awaits }) => !isOvertaken && awaits.some(({ clearanceId }) => used.includes(clearanceId)),
      );
      if (untold !== undefined)
        throw new CounterexampleError('S3', `nobody told of a departure under ${untold.holdId}`);
      const wronged = isAnybodyGone ? undefined : rested.holds.find(({ isOvertaken }) => isOvertaken);
      if (wronged !== undefined)
        throw new CounterexampleError('S3', `nobody says that ${wronged.holdId} stands after all`);
    }
  for (const { ledgers } of authorities.filter(({ isGone }) => isGone))
    ledgers.forEach(({ ledger }, inCase) => {
      const taken = present.flatMap((node) => ledgerAt(node, inCase).holds.map(({ holdId }) => holdId));
      const bare = openHolds(ledger).find(({ holdId }) => !taken.includes(holdId));
      if (bare !== undefined) throw new CounterexampleError('S3', `nobody takes over ${bare.holdId}`);
    });
}

/** Each node goes by what was said last of each link: no hold is left out, nobody is kept back by another person's. */
function judgeLinks(setting: Setting, world: World): void {
  const present = world.authorities.filter(({ isGone }) => !isGone).map(({ ledgers }) => ledgers);
  const atNodes = [world.gate.cases.map(({ file }) => file), ...present.map((all) => all.map(({ ledger }) => ledger))];
  for (const states of atNodes)
    states.forEach(({ linkedCaseIds }, inCase) => {
      const inName = caseName(inCase);
      const said = trulyLinkedTo(setting, world, inCase);
      const missed = said.find((name) => !linkedCaseIds.includes(name));
      if (missed !== undefined)
        throw new CounterexampleError('INV-02', `a node does not know that ${inName} and ${missed} are linked`);
      const past = linkedCaseIds.find((name) => !said.includes(name));
      if (past !== undefined)
        throw new CounterexampleError('INV-19', `for a node ${inName} and ${past} are linked still`);
    });
}

/**
 * What holds where nothing is on its way any more: S3; whoever is not held is not kept back by a hold that was heard of (INV-19);
 * and a withdrawn consent has reached the gate (INV-14).
 *
 * @throws CounterexampleError
 */
export function judgeRest(setting: Setting, world: World): void {
  judgeProtection(setting, world);
  judgeLinks(setting, world);
  const open = standingHolds(setting, world).filter(({ hold }) => hold.isOpen);
  const standing = open.map(({ owner, hold }) => `${authorityName(owner)} ${hold.holdId}`);
  for (const { file } of world.gate.cases) {
    const past = file.heard.find(
      ({ isOpen, authority, holdId }) => isOpen && !standing.includes(`${authority} ${holdId}`),
    );
    if (past !== undefined)
      throw new CounterexampleError('INV-19', `${past.holdId} of ${past.authority} is over, not at the gate`);
  }
  if (!Object.values(world.messages).some(({ kind }) => kind === 'withdrawal')) return;
  if (!isConsentWithdrawn(world)) throw new CounterexampleError('INV-14', 'a withdrawal never reaches the gate');
  if (world.gate.cases.some(({ file }) => isUnderWay(file.attempt)))
    throw new CounterexampleError('INV-14', 'an attempt goes on under a consent that was withdrawn');
}
