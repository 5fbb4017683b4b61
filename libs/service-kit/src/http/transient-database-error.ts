import { types } from 'node:util';
import { isTransientDatabaseError } from '@acogida/event-store';

/**
 * Whether the database was away or busy, so that the same request may succeed in a moment: what the event store says, also
 * of the driver error that TypeORM wraps.
 */
export function isTransientQueryError(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  return isTransientDatabaseError(error) || isTransientDatabaseError(Reflect.get(error, 'driverError'));
}
