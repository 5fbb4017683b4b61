import { ValidateIf } from 'class-validator';

/** Accepts null, but not absence. */
export const OrNull = (): PropertyDecorator => ValidateIf((_: object, value: unknown) => value !== null);

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; whether the day exists is the decider's to say. */
export const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** ISO 639-3. */
export const LANGUAGE = /^[a-z]{3}$/;

/** ISO 3166-1 alpha-2. */
export const COUNTRY = /^[A-Z]{2}$/;

/** An agency's own code for a place: no address, no free text. */
export const PLACE = /^[A-Z0-9][A-Z0-9_-]{0,39}$/;

/** A pool's or a package's own code, with a number in it: no name of a person, no free text. */
export const OWN_CODE = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
