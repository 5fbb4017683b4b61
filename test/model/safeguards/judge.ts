import { holdLedgerDecider, openHolds, type Reading } from '@acogida/safeguards';
import { CounterexampleError } from './counterexample.ts';
import type { Setting } from './setting.ts';
import type { World } from './world.ts';

/** Longer than any lease, forgotten ones included, on any clock. */
const FOREVER_MS = 1_000_000_000;

/**
 * What holds in every state: no warrant is valid once a hold is protected (S1), and none at a gate that has heard of an open
 * hold (INV-02).
 *
 * @throws CounterexampleError
 */
export function judgeState({ rules }: Setting, { gate, authorities }: World): void {
  if (!rules.isWarrantValid(gate.file.attempt, gate.clock)) return;
  for (const { ledger } of authorities) {
    const hold = openHolds(ledger).find(({ protection }) => protection !== null);
    if (hold !== undefined) throw new CounterexampleError('S1', `a warrant is valid and ${hold.holdId} is protected`);
  }
  const heard = gate.file.heard.find(({ isOpen }) => isOpen);
  if (heard !== undefined)
    throw new CounterexampleError('INV-02', `a warrant is valid and ${heard.holdId} was heard of`);
}

/**
 * What holds where nothing is on its way any more, once all leases are over: each hold is protected, and whoever left while
 * it was open is reported overtaken (S3).
 *
 * @throws CounterexampleError
 */
export function judgeRest({ rules }: Setting, { authorities, mustBeOvertaken }: World): void {
  for (const { clock, ledger } of authorities) {
    const reading: Reading = { ...clock, ms: clock.ms + FOREVER_MS };
    const command = { type: 'NoteEndedLeases', by: 'a', reading, now: '' } as const;
    const events = rules.decideLedger(command, ledger);
    const rested = events.reduce((state, event) => holdLedgerDecider.evolve(state, event), ledger);
    const bare = openHolds(rested).find(({ protection }) => protection === null);
    if (bare !== undefined) throw new CounterexampleError('S3', `${bare.holdId} is never protected`);
    const silent = rested.holds.find(({ holdId, isOvertaken }) => mustBeOvertaken.includes(holdId) && !isOvertaken);
    if (silent !== undefined) throw new CounterexampleError('S3', `nobody reports that ${silent.holdId} was overtaken`);
  }
}
