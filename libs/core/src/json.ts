/** A value that JSON can carry without loss. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A JSON object. A key whose value is `undefined` is absent. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** An instant as ISO 8601 in UTC with milliseconds, `2026-11-22T09:00:00.000Z`. */
export type Instant = string;
