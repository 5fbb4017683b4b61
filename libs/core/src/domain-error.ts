/**
 * Why a command was refused, in terms that the edge can map without knowing the rule:
 * `invalid` the command itself breaks a rule, `conflict` the state does not allow it now, `forbidden` this actor may not,
 * `not-found` what it names does not exist here, `gone` it was erased.
 */
export type DomainErrorKind = 'invalid' | 'conflict' | 'forbidden' | 'not-found' | 'gone';

/** A coded refusal. `code` is stable (`INTAKE.RIGHTS_INFORMATION_MISSING`); `message` and `details` never hold identity. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: string;
  readonly kind: DomainErrorKind;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, kind: DomainErrorKind, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.kind = kind;
    this.details = details;
  }
}
