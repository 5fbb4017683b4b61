import { DomainError, type DomainErrorKind } from '@acogida/core';

/** A refusal of a safeguard. Messages never carry what was said. */
export function refusal(code: string, message: string, kind: DomainErrorKind = 'conflict'): DomainError {
  return new DomainError(code, kind, message);
}
