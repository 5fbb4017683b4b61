import type { KeyObject } from 'node:crypto';
import { LedgerError } from '../ledger-error.ts';
import { hasFields, malformed, StatementKind } from '../signed-text.ts';
import { type Admission, isAdmission } from './admission.ts';
import { ed25519Key } from './public-keys.ts';
import { isSignature } from './root-signed.ts';

/** What an agency hands to the roots: how it wants to be admitted, and that it has the keys. Nothing in it is secret. */
export interface AdmissionRequest {
  readonly admission: Admission;
  /** Signatures with the new Ed25519 keys, base64url. */
  readonly possession: { readonly signing: string; readonly transport: string };
}

const KIND = new StatementKind<Admission>('acogida.admission-request.v1', (value) => {
  if (!isAdmission(value)) throw malformed();
});

/** A request of the holder of these private keys. @throws LedgerError `STATEMENT_MALFORMED` */
export function signAdmissionRequest(
  admission: Admission,
  { signing, transport }: { readonly signing: KeyObject; readonly transport: KeyObject },
): AdmissionRequest {
  const by = (key: KeyObject): string => KIND.sign(key, admission).signature;
  return { admission, possession: { signing: by(signing), transport: by(transport) } };
}

/**
 * The admission that is asked for, when who asks has the keys. A root that admits keys of somebody else lets an agency
 * claim what another signs.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`, `POSSESSION`
 */
export function verifyAdmissionRequest(value: unknown): Admission {
  if (!hasFields(value, ['admission', 'possession'])) throw malformed();
  const { admission, possession } = value;
  if (!isAdmission(admission) || !hasFields(possession, ['signing', 'transport'])) throw malformed();
  for (const use of ['signing', 'transport'] as const) {
    const signature = possession[use];
    if (!isSignature(signature)) throw malformed();
    verifyPossession(admission, signature, ed25519Key(admission.keys[use].x));
  }
  return admission;
}

function verifyPossession(admission: Admission, signature: string, key: KeyObject): void {
  try {
    KIND.verify(key, { statement: admission, signature });
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw new LedgerError('POSSESSION', 'the keys of the request did not sign it');
  }
}
