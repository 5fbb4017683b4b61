import { ValidateIf } from 'class-validator';

/** The property is required, but may be null: what is not known is said, not left out. */
export const Nullable = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== null);
