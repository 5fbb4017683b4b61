/** What stands in an array literal as it is. */
const PLAIN = /^[\w:.-]+$/;

/** What an element may be. */
export type ArrayElement = string | number | Uint8Array | null;

function elementText(value: ArrayElement): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array)
    return `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}"`;
  const text = String(value);
  if (PLAIN.test(text) && text.toUpperCase() !== 'NULL') return text;
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * An array literal of PostgreSQL, of texts, numbers, bytes and nulls. That of `pg` looks through each element twice for what is to be
 * escaped; nearly all that is written here are names and ids.
 */
export function arrayText(values: readonly ArrayElement[]): string {
  return `{${values.map(elementText).join(',')}}`;
}
