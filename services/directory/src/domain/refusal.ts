import { DomainError, type DomainErrorKind } from '@acogida/core';

/** A refusal of the directory; the message never carries what was typed in. */
export function refusal(code: string, message: string, kind: DomainErrorKind = 'invalid'): DomainError {
  return new DomainError(code, kind, message);
}
