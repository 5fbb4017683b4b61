import type { Instant } from '@acogida/core';
import type { Removal, RemovalHold } from '@acogida/reference';
import type { Awaited, ProtectionBasis } from './hold-ledger-events.ts';
import { type Hold, type HoldLedger, isSettled, openHolds, outstanding } from './hold-ledger-state.ts';
import { type Reading, remainingMs } from './lease.ts';

/** What a hold still waits for, and who has to act. */
export interface Waiting {
  /** The gate that may answer earlier; null where only time passes. */
  readonly gate: string | null;
  /** When it is over at the latest, in milliseconds from now; null where only the gate can end it. */
  readonly atTheLatestInMs: number | null;
}

/** A hold as those entitled see it: `kind` and `groundId` are restricted, everybody else who asks sees `since` (INV-17). */
export interface HoldOnScreen {
  readonly holdId: string;
  readonly kind: RemovalHold | null;
  readonly since: Instant;
  readonly isProtected: boolean;
  /** Null while it is not protected. */
  readonly protectedAt: Instant | null;
  readonly basis: ProtectionBasis | null;
  readonly waitsFor: readonly Waiting[];
  readonly isOvertaken: boolean;
  readonly isLiftProposed: boolean;
}

/** A lease that an authority has out. */
export interface LeaseOnScreen {
  readonly clearanceId: string;
  readonly gate: string;
  readonly removal: Removal;
  readonly grantedAt: Instant;
  /** At most, in milliseconds of this authority's clock. */
  readonly endsInMs: number;
  readonly isHalted: boolean;
}

function waiting({ gate, count }: Awaited, reading: Reading): Waiting {
  return { gate, atTheLatestInMs: count === null ? null : remainingMs(count, reading) };
}

function onScreen(ledger: HoldLedger, hold: Hold, reading: Reading): HoldOnScreen {
  const { holdId, kind, placedAt, protection, awaits, isOvertaken, proposal } = hold;
  const open = protection === null ? awaits.filter((awaited) => !isSettled(ledger, awaited, reading, holdId)) : [];
  return {
    ...{ holdId, kind, since: placedAt, isProtected: protection !== null, isOvertaken },
    ...{ protectedAt: protection?.protectedAt ?? null, basis: protection?.basis ?? null },
    ...{ waitsFor: open.map((awaited) => waiting(awaited, reading)), isLiftProposed: proposal !== null },
  };
}

/** Open holds: protected or not, since when, until when at the latest they are not, and who must act. */
export function holdsOnScreen(ledger: HoldLedger, reading: Reading): readonly HoldOnScreen[] {
  return openHolds(ledger).map((hold) => onScreen(ledger, hold, reading));
}

/** Leases that are out at this moment. */
export function leasesOnScreen(ledger: HoldLedger, reading: Reading): readonly LeaseOnScreen[] {
  return outstanding(ledger, reading).map(({ clearanceId, gate, removal, grantedAt, count }) => ({
    ...{ clearanceId, gate, removal, grantedAt, endsInMs: remainingMs(count, reading) },
    isHalted: ledger.halts.some((halt) => halt.clearanceIds.includes(clearanceId)),
  }));
}
