import { types } from 'node:util';

/**
 * A conflict inside a transaction that somebody else retries as a whole: a policy met a stream that moved under it.
 * Carries the SQLSTATE of a serialization failure, so `isTransientDatabaseError` holds for it.
 */
export class StreamMovedError extends Error {
  override readonly name: string = 'StreamMovedError';
  readonly code = '40001';

  constructor(stream: string, cause: unknown) {
    super(`${stream} moved during the transaction`, { cause });
  }
}

/** Connection exceptions, insufficient resources, operator intervention (also a statement timeout), system errors. */
const TRANSIENT_CLASSES = new Set(['08', '53', '57', '58']);
/** Transaction ended because it idled, serialization failure, deadlock, lock not available. */
const TRANSIENT_STATES = new Set(['25P03', '40001', '40P01', '55P03']);
const LOST_CONNECTION_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  // The name of a container is gone while it restarts.
  'ENOTFOUND',
]);
/** What `pg` says without a code. */
const LOST_CONNECTION_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout)/;

function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}

/** Whether the connection is gone, so that the outcome of a commit under way is unknown. */
export function isConnectionLost(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = codeOf(error);
  return (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    LOST_CONNECTION_CODES.has(code) ||
    LOST_CONNECTION_MESSAGE.test(error.message)
  );
}

/**
 * Whether the same work may succeed when it is simply tried again: the connection was lost, the server is restarting or
 * short of something, its disk failed, or the transaction lost against another one. Looks through `cause` and aggregated errors.
 */
export function isTransientDatabaseError(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = codeOf(error);
  if (isConnectionLost(error) || TRANSIENT_STATES.has(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && TRANSIENT_CLASSES.has(code.slice(0, 2))) return true;
  const parts: unknown = Reflect.get(error, 'errors');
  if (Array.isArray(parts) && parts.some(isTransientDatabaseError)) return true;
  return error.cause !== undefined && error.cause !== error && isTransientDatabaseError(error.cause);
}
