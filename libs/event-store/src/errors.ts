import { DomainError } from '@acogida/core';
import type { StoredReply, StreamGuard } from './port.ts';
import { StreamMovedError } from './transient-error.ts';

/** The stream is not at the version the decision was made on. Nothing was written. */
export class StreamConflictError extends Error {
  override readonly name = 'StreamConflictError';
  readonly stream: string;
  readonly expectedVersion: number;
  readonly actualVersion: number;

  constructor(stream: string, expectedVersion: number, actualVersion: number) {
    super(`${stream} is at version ${actualVersion}, not ${expectedVersion}`);
    this.stream = stream;
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }
}

/**
 * The idempotency key is already taken. Carries what was kept under it: with an equal fingerprint the caller replays
 * `reply`, with another one it refuses the request. Nothing was written.
 */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';
  readonly fingerprint: string;
  readonly reply: StoredReply;

  constructor(fingerprint: string, reply: StoredReply) {
    super('the idempotency key is already taken');
    this.fingerprint = fingerprint;
    this.reply = reply;
  }
}

/** A stream does not match its private chain: a row was changed, removed, added or reordered outside the store. */
export class StreamCorruptedError extends Error {
  override readonly name = 'StreamCorruptedError';
  readonly stream: string;
  /** First version that does not match. */
  readonly version: number;

  constructor(stream: string, version: number, reason: string) {
    super(`${stream} is corrupted at version ${version}: ${reason}`);
    this.stream = stream;
    this.version = version;
  }
}

/**
 * The case was erased: what stands in the tables cannot be read by anybody any more (architecture.md §5, Erasure). Coded
 * `CASE_ERASED`, kind `gone`.
 */
export class StreamErasedError extends DomainError {
  constructor() {
    super('CASE_ERASED', 'gone', 'the case was erased');
  }
}

/**
 * A stream that the append was decided or sealed by is not where it was. Nothing was written: load again and decide again. Like
 * every `StreamMovedError` it lets a transaction of a policy be tried again as a whole.
 */
export class GuardMovedError extends StreamMovedError {
  override readonly name: string = 'GuardMovedError';
  /** Those that moved, with the versions that they should have had. */
  readonly guards: readonly StreamGuard[];

  constructor(guards: readonly StreamGuard[]) {
    super(guards.map(({ stream }) => stream).join(', '), undefined);
    this.guards = guards;
  }
}

/** No procedure of this node owns the stream: nothing could ever read what would be written. */
export class UnknownStreamError extends Error {
  override readonly name = 'UnknownStreamError';
  readonly stream: string;

  constructor(stream: string) {
    super(`no procedure of this node owns the stream ${stream}`);
    this.stream = stream;
  }
}
