import { type Hash, isHash } from '../merkle.ts';
import { hasFields, malformed, StatementKind } from '../signed-text.ts';
import { isLastGood, type LastGood } from './log-place.ts';
import { isAgencyId } from './statement-fields.ts';

/**
 * What k roots sign when an agency is gone for good (architecture.md §6): its log ends at the last good number, and another
 * agency takes over the custody that it held there.
 */
export interface SuccessionStatement extends LastGood {
  /** Id of the genesis. */
  readonly genesis: Hash;
  readonly agency: string;
  readonly successor: string;
}

const FIELDS = ['agency', 'genesis', 'lastGoodNumber', 'lastGoodTreeHead', 'successor'];

/** Signs, verifies and spells successions. */
export const SUCCESSION = new StatementKind<SuccessionStatement>('acogida.succession.v1', (value) => {
  if (!hasFields(value, FIELDS)) throw malformed();
  const statement = value as unknown as SuccessionStatement;
  const wellFormed =
    isHash(statement.genesis) &&
    isAgencyId(statement.agency) &&
    isAgencyId(statement.successor) &&
    statement.agency !== statement.successor &&
    isLastGood(statement);
  if (!wellFormed) throw malformed();
});
