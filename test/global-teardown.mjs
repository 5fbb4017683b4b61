/** Stops the PostgreSQL that the set-up started, and removes its files. */
export default async function globalTeardown() {
  await globalThis.acogidaStopTestServer?.();
}
