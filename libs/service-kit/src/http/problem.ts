/** One field that does not fit: where (RFC 6901 pointer), a stable code, a message. Never the value that was sent. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** A problem document (RFC 9457). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly correlationId: string;
  readonly errors?: readonly FieldError[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What else a `Problem` carries. */
export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A refusal by the edge with its HTTP status and a stable code. Controllers rarely need it: rules refuse with `DomainError`.
 * `message` becomes `detail`: it never holds identity nor values of the request.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, options: ProblemOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }
}

/** The `type` of a problem document: `urn:acogida:problem:<code>`. */
export function problemType(code: string): string {
  return `urn:acogida:problem:${code}`;
}

/** 404 for a thing that a query did not find: `throw notFound('INTAKE.CASE_UNKNOWN', 'no such case here')`. */
export function notFound(code: string, message: string): Problem {
  return new Problem(404, code, message);
}
