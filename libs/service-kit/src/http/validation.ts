import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, Problem } from './problem.ts';

/** The whitelist's refusal of a property that the DTO does not know. */
const UNKNOWN = 'whitelistValidation';
const MAX_FIELD_ERRORS = 50;

const MESSAGES: Readonly<Record<string, string>> = {
  [UNKNOWN]: 'no such property: /openapi.json lists those that are known',
  unknownValue: 'not an object of the expected kind',
};

function constraintCode(constraint: string): string {
  if (constraint === UNKNOWN) return 'UNKNOWN_PROPERTY';
  return constraint.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

function fieldErrorsOf(errors: readonly ValidationError[], parent: string): FieldError[] {
  return errors.flatMap((error) => {
    // The name of an unknown property was typed in like a value and may be a name: only its place is told.
    const isUnknown = error.constraints?.[UNKNOWN] !== undefined;
    const pointer = isUnknown ? parent : `${parent}/${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
      pointer,
      code: constraintCode(constraint),
      message: MESSAGES[constraint] ?? message,
    }));
    return [...own, ...fieldErrorsOf(error.children ?? [], pointer)];
  });
}

/** The 400 of a request that does not fit its schema. `errors` point at properties and never repeat values. */
export function validationProblem(errors: readonly FieldError[]): Problem {
  return new Problem(400, 'VALIDATION_FAILED', 'the request does not fit its schema', {
    errors: errors.slice(0, MAX_FIELD_ERRORS),
  });
}

/**
 * Validates bodies and queries against their DTO class: unknown properties are refused, nothing is converted but what
 * `@Type` says. A missing body is an empty object, so that the answer names the missing properties.
 */
export class RequestValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => validationProblem(fieldErrorsOf(errors, '')),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body' || !this.toValidate(metadata))
      return super.transform(value, metadata) as Promise<unknown>;
    const body = value ?? {};
    if (typeof body !== 'object' || Array.isArray(body)) {
      throw validationProblem([{ pointer: '', code: 'IS_OBJECT', message: 'the body must be a JSON object' }]);
    }
    try {
      return (await super.transform(body, metadata)) as unknown;
    } catch (error) {
      // nested so deep that the stack does not hold it: nothing that a DTO describes
      if (error instanceof RangeError)
        throw validationProblem([{ pointer: '', code: 'TOO_DEEP', message: 'too deep' }]);
      throw error;
    }
  }
}
