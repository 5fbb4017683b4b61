/** How many are told one by one. */
const MOST = 40;

/**
 * Where two JSON documents differ, one line each, `/paths/…: "a" became "b"`; what is longer than a line is cut. Empty when
 * they are the same but for the order of keys.
 */
export function documentDifferences(before: unknown, after: unknown): readonly string[] {
  const all = differences('', before, after);
  return all.length <= MOST ? all : [...all.slice(0, MOST), `… and ${all.length - MOST} more`];
}

function differences(pointer: string, before: unknown, after: unknown): readonly string[] {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      differences(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, before[name], after[name]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(`${pointer}/${index}`, item, after[index]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [`${pointer}: added ${inShort(after)}`];
  if (after === undefined) return [`${pointer}: removed ${inShort(before)}`];
  return [`${pointer}: ${inShort(before)} became ${inShort(after)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inShort(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
