type Fields = Readonly<Record<string, unknown>>;

/** Whether two coded facts say the same, key order aside: a stored one comes back with sorted keys. */
export function isSameFact(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameFact((left as Fields)[key], (right as Fields)[key]))
  );
}
