/** Form of an agency id: it stands in topic names, streams and token claims. */
const AGENCY_ID = /^[a-z][a-z0-9-]{1,39}$/;
const KIND = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const KEY_ID = /^[\x21-\x7e]{1,100}$/;
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
const COUNTRY = /^[A-Z]{2}$/;
/** What turns or hides text on a screen does not belong into a name that people decide by. */
const SHOWN_NAME = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]{1,120}$/u;

const LONGEST_KIND = 40;

/** An agency id, as in topic names. */
export function isAgencyId(value: unknown): value is string {
  return typeof value === 'string' && AGENCY_ID.test(value);
}

/** The folder of `services/` whose program an agency runs: lower-case words joined by hyphens, 40 characters at most. */
export function isKind(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_KIND && KIND.test(value);
}

/** The name of a key: 1 to 100 visible ASCII characters. */
export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && KEY_ID.test(value);
}

/** A code of a list: `KEY_COMPROMISED`. Lists grow, signed statements stay: only the form is judged. */
export function isCode(value: unknown): value is string {
  return typeof value === 'string' && CODE.test(value);
}

/** ISO 3166-1 alpha-2, or null for what belongs to no one country. */
export function isJurisdiction(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && COUNTRY.test(value));
}

/** A name for people: 1 to 120 characters, none that controls the screen. */
export function isShownName(value: unknown): value is string {
  return typeof value === 'string' && SHOWN_NAME.test(value) && value.trim() === value;
}
