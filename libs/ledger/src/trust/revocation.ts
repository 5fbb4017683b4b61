import { type Hash, isHash } from '../merkle.ts';
import { hasFields, malformed, StatementKind } from '../signed-text.ts';
import { isLastGood, type LastGood } from './log-place.ts';
import { isAgencyId, isCode, isKeyId } from './statement-fields.ts';

/**
 * What k roots sign to end a key (architecture.md §5): nothing that it signed after the last good number counts, whatever else
 * is said. The agency goes on when it is admitted again, with other keys.
 */
export interface RevocationStatement extends LastGood {
  /** Id of the genesis. */
  readonly genesis: Hash;
  readonly agency: string;
  /** The signing key; the sealing and transport keys that came with it end with it. */
  readonly keyId: string;
  /** Code of `REVOCATION_REASONS`, or of a later list. */
  readonly reason: string;
}

/** Why keys are revoked. */
export const REVOCATION_REASONS = ['KEY_COMPROMISED', 'KEY_LOST', 'AGENCY_SUSPENDED', 'AGENCY_CLOSED'] as const;

const FIELDS = ['agency', 'genesis', 'keyId', 'lastGoodNumber', 'lastGoodTreeHead', 'reason'];

/** Signs, verifies and spells revocations. */
export const REVOCATION = new StatementKind<RevocationStatement>('acogida.revocation.v1', (value) => {
  if (!hasFields(value, FIELDS)) throw malformed();
  const statement = value as unknown as RevocationStatement;
  const wellFormed =
    isHash(statement.genesis) &&
    isAgencyId(statement.agency) &&
    isKeyId(statement.keyId) &&
    isCode(statement.reason) &&
    isLastGood(statement);
  if (!wellFormed) throw malformed();
});
