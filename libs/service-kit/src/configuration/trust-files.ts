import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  ADMISSION,
  type AdmissionStatement,
  type Genesis,
  genesisId,
  LedgerError,
  readRootSigned,
  type RootSigned,
  TrustState,
  verifyGenesis,
} from '@acogida/ledger';
import type { NodeAgency } from './agency.ts';

/** Why a file of trust is not taken; `message` says it without a value. */
export class TrustFileError extends Error {
  override readonly name = 'TrustFileError';
}

/**
 * The genesis in the text of a file, which must be the one that is pinned (architecture.md §5).
 *
 * @param pin id of the genesis as it was handed on by another way, hexadecimal
 * @throws TrustFileError
 */
export function parseGenesis(text: string, pin: string): Genesis {
  let genesis: Genesis;
  try {
    genesis = verifyGenesis(JSON.parse(text));
  } catch (error) {
    throw new TrustFileError(
      error instanceof LedgerError && error.code === 'GENESIS_SIGNATURES'
        ? 'not every root of the genesis signed it'
        : 'the file does not hold a genesis',
    );
  }
  if (genesisId(genesis) !== pin) throw new TrustFileError('the genesis is not the one that GENESIS_ID names');
  return genesis;
}

/**
 * Admissions in the text of a file: one as `npm run agency -- admit` writes it, or a list of them. Signatures are judged where
 * they are folded.
 *
 * @throws TrustFileError
 */
export function parseAdmissions(text: string): readonly RootSigned<AdmissionStatement>[] {
  try {
    const content: unknown = JSON.parse(text);
    return (Array.isArray(content) ? content : [content]).map((one) => {
      const { type, signed } = one as { readonly type: unknown; readonly signed: unknown };
      if (type !== 'admission') throw new TypeError('another statement');
      return readRootSigned(ADMISSION, signed);
    });
  } catch {
    throw new TrustFileError('the file does not hold admissions');
  }
}

/**
 * Who the agency is, by the genesis and the admissions.
 *
 * @throws TrustFileError an admission that the roots did not sign; LedgerError never
 */
export function admittedAgency(
  agencyId: string,
  genesis: Genesis,
  admissions: readonly RootSigned<AdmissionStatement>[],
): NodeAgency | undefined {
  const state = new TrustState(genesis);
  for (const signed of admissions) {
    try {
      state.apply({ type: 'admission', signed });
    } catch (error) {
      // A later admission of an agency follows what stands on the log: it is judged when that was read.
      if (error instanceof LedgerError && error.code === 'SEQUENCE') continue;
      throw new TrustFileError('an admission is not one that the roots of the genesis signed');
    }
  }
  const agency = state.agencies().find((one) => one.agencyId === agencyId);
  return agency && { agencyId, kind: agency.kind, name: agency.name, jurisdiction: agency.jurisdiction };
}

/** Private keys of one use that an agency has, as they are there now; those of a rotation are read when it counts. */
export type PrivateKeys = () => readonly KeyObject[];

/** Ed25519 private keys that an agency signs with. */
export type SigningKeys = PrivateKeys;

/**
 * The private keys of a kind beside a file: its own and, for `signing.pem`, those of `signing.2.pem`, `signing.3.pem` … which a
 * rotation added. What is no such key is passed over.
 */
export function privateKeysBeside(file: string, kind: 'ed25519' | 'x25519'): PrivateKeys {
  const name = basename(file, '.pem');
  return () => {
    const folder = dirname(file);
    const later = readdirSync(folder).filter((one) => {
      const [, number] = one.startsWith(`${name}.`) ? (/^(\d+)\.pem$/.exec(one.slice(name.length + 1)) ?? []) : [];
      return number !== undefined;
    });
    return [basename(file), ...later].flatMap((one) => privateKeyIn(join(folder, one), kind) ?? []);
  };
}

/** Where an agency keeps its other keys: `sealing.pem` beside `signing.pem`, with what stands before both names. */
export function keyFileBeside(signingKeyFile: string | undefined, use: 'sealing' | 'transport'): string | undefined {
  return signingKeyFile?.replace(/(signing)?(\.pem)?$/, `${use}.pem`);
}

function privateKeyIn(file: string, kind: 'ed25519' | 'x25519'): KeyObject | undefined {
  try {
    const key = createPrivateKey(readFileSync(file));
    return key.asymmetricKeyType === kind ? key : undefined;
  } catch {
    return undefined;
  }
}
