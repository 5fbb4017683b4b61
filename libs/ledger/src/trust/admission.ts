import { isHash, type Hash } from '../merkle.ts';
import { hasFields, isCount, malformed, StatementKind } from '../signed-text.ts';
import { isPublicKeys, type PublicKeys } from './public-keys.ts';
import { isAgencyId, isJurisdiction, isKind, isShownName } from './statement-fields.ts';

/** Who is admitted, with which keys, from which number of its topic on. */
export interface Admission {
  /**
   * Counts an agency's sets of keys, 1, 2, 3 …, whether a root or a rotation brought them: no statement can be used twice.
   */
  readonly sequence: number;
  readonly agency: string;
  /** The program that it runs: `intake`. */
  readonly kind: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2; null for a regional agency. */
  readonly jurisdiction: string | null;
  readonly keys: PublicKeys;
  /** First number that the signing key signs. */
  readonly fromNumber: number;
}

/** What k roots sign to let an agency in, or in again after its keys were revoked (architecture.md §5). */
export interface AdmissionStatement extends Admission {
  /** Id of the genesis: a statement counts in one network only. */
  readonly genesis: Hash;
}

const FIELDS = ['agency', 'fromNumber', 'jurisdiction', 'keys', 'kind', 'name', 'sequence'];

/** Signs, verifies and spells admissions. */
export const ADMISSION = new StatementKind<AdmissionStatement>('acogida.admission.v1', (value) => {
  if (!hasFields(value, [...FIELDS, 'genesis'].sort()) || !isHash(value['genesis'])) throw malformed();
  if (!admits(value as unknown as Admission)) throw malformed();
});

/** An admission as it stands in a genesis, which needs no id of itself. */
export function isAdmission(value: unknown): value is Admission {
  return hasFields(value, FIELDS) && admits(value as unknown as Admission);
}

function admits({ sequence, agency, kind, name, jurisdiction, keys, fromNumber }: Admission): boolean {
  return (
    isCount(sequence, 1) &&
    isAgencyId(agency) &&
    isKind(kind) &&
    isShownName(name) &&
    isJurisdiction(jurisdiction) &&
    isPublicKeys(keys) &&
    isCount(fromNumber, 1)
  );
}
