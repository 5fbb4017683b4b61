/** Waits for all, also where one fails: none may still be under way when the transaction ends. Throws the first failure. */
export async function allOf<T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
