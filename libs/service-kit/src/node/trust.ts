import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import { ConfigurationError, type NodeConfiguration } from '../configuration/node-configuration.ts';
import { LiveTrust } from '../trust/live-trust.ts';
import { NoSigningKeyError, signersOf } from '../trust/signing-keys.ts';

/**
 * The trust that a node starts with: the genesis, what it was given beside it, and what it heard since.
 *
 * @throws ConfigurationError the private key that signs the agency's next event is not at hand; LedgerError an admission that
 *   does not hold
 */
export async function loadTrust(
  pool: pg.Pool,
  { agencyId, genesis, admissions, signingKeys }: NodeConfiguration,
  logger: LoggerService,
): Promise<LiveTrust> {
  const trust = await LiveTrust.load(pool, { agencyId, genesis, admissions }, (refused) => {
    logger.error({ msg: 'an own statement of trust does not hold', refused });
  });
  const { rows } = await pool.query<{ next: number }>('SELECT last_number + 1 AS next FROM relay.cursor');
  const next = rows[0]?.next ?? 1;
  try {
    signersOf(agencyId, trust, signingKeys)(next);
  } catch (error) {
    if (!(error instanceof NoSigningKeyError)) throw error;
    // An agency whose keys were revoked goes on reading.
    if (trust.get(agencyId).every(({ throughNumber }) => throughNumber !== undefined)) return trust;
    throw new ConfigurationError(['SIGNING_KEY_FILE: the private key of the agency that counts now is not there']);
  }
  return trust;
}
