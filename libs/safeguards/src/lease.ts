import { refusal } from './refusals.ts';

/**
 * A reading of a process's monotonic clock. It says nothing to another process, nor to the same node started again; only the
 * rate of clocks is assumed bounded (architecture.md §7).
 */
export interface Reading {
  /** Drawn by the process when it begins. */
  readonly boot: string;
  /** Milliseconds since the process began. */
  readonly ms: number;
}

/** A time that an authority lets pass, on its own clock. */
export interface Count {
  readonly from: Reading;
  readonly spanMs: number;
}

/** How long clearances stand, and how wrong a clock may run. */
export interface LeaseTerms {
  /** What the gate counts from before it sent its request, in milliseconds. */
  readonly leaseMs: number;
  /** By how much a clock may be fast or slow, in parts of a thousand. */
  readonly rateErrorPerMille: number;
}

/** A minute on clocks that err by 1 %: fifty times what quartz does, so that a busy virtual machine is within it. */
export const DEFAULT_LEASE_TERMS: LeaseTerms = { leaseMs: 60_000, rateErrorPerMille: 10 };

/** The longest lease that anybody may give, in milliseconds: so long a hold may stay unprotected after an authority forgot. */
export const LONGEST_LEASE_MS = 600_000;

/** @throws DomainError LEASE.OUT_OF_BOUNDS */
export function requireTerms({ leaseMs, rateErrorPerMille }: LeaseTerms): void {
  const isLease = Number.isInteger(leaseMs) && leaseMs > 0 && leaseMs <= LONGEST_LEASE_MS;
  if (isLease && rateErrorPerMille >= 0 && rateErrorPerMille < 1_000) return;
  throw refusal('LEASE.OUT_OF_BOUNDS', 'a lease is short, and clocks run', 'invalid');
}

/**
 * What the authority lets pass for a lease, in milliseconds: if its clock is as fast, and the gate's as slow, as they may be,
 * the gate has counted the lease to its end by then.
 */
export function authoritySpanMs({ leaseMs, rateErrorPerMille }: LeaseTerms): number {
  return Math.ceil((leaseMs * (1_000 + rateErrorPerMille)) / (1_000 - rateErrorPerMille));
}

/**
 * Milliseconds of the authority's clock until a count is over, 0 when it is. What an earlier process counted begins again
 * with the present one: how long nothing ran, nobody knows.
 */
export function remainingMs({ from, spanMs }: Count, now: Reading): number {
  const passedMs = from.boot === now.boot ? now.ms - from.ms : now.ms;
  return Math.max(0, spanMs - passedMs);
}

/** Whether a count is over. */
export function isOver(count: Count, now: Reading): boolean {
  return remainingMs(count, now) === 0;
}

/**
 * Leases that an authority may have given and does not know of: it was restored from an older copy, or succeeds an agency
 * whose ledger it does not have. The longest lease is counted from now on.
 */
export function unknownLeases(now: Reading, rateErrorPerMille: number): Count {
  return { from: now, spanMs: authoritySpanMs({ leaseMs: LONGEST_LEASE_MS, rateErrorPerMille }) };
}
