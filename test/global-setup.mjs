import { findPostgres } from './run/postgres.mjs';

/** Finds one PostgreSQL for the run, or starts it where jest was called by itself, and tells the suites where it is. */
export default async function globalSetup() {
  const { url, stop } = await findPostgres();
  process.env.TEST_DATABASE_URL = url;
  globalThis.acogidaStopTestServer = stop;
}
