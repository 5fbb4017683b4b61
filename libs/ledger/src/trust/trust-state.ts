import type { KeyObject } from 'node:crypto';
import { LedgerError } from '../ledger-error.ts';
import type { Hash } from '../merkle.ts';
import { isCount, malformed, type StatementKind } from '../signed-text.ts';
import { ADMISSION, type AdmissionStatement } from './admission.ts';
import { type Genesis, genesisId } from './genesis.ts';
import { admissionFits, anyReused, type KeyHistory, servesAt, signingPointsOf } from './key-history.ts';
import { ed25519Key } from './public-keys.ts';
import { REVOCATION, type RevocationStatement } from './revocation.ts';
import { readRootSigned, type RootSigned, verifyRootSigned } from './root-signed.ts';
import {
  readRotation,
  ROTATION,
  type RotationSigned,
  type RotationStatement,
  verifyRotationOfAgency,
  verifyRotationOfDirectory,
} from './rotation.ts';
import { SUCCESSION, type SuccessionStatement } from './succession.ts';
import {
  type AgencyRecord,
  recordOf,
  type SealingPublicKey,
  type TrustedAgency,
  type TrustedSigningKey,
} from './trusted-agency.ts';

/** A statement about whom to trust. A rotation comes with the number of the event in the agency's own topic. */
export type TrustEntry =
  | { readonly type: 'admission'; readonly signed: RootSigned<AdmissionStatement> }
  | { readonly type: 'rotation'; readonly at: number; readonly signed: RotationSigned }
  | { readonly type: 'revocation'; readonly signed: RootSigned<RevocationStatement> }
  | { readonly type: 'succession'; readonly signed: RootSigned<SuccessionStatement> };

/**
 * Whom to believe, from the genesis and the statements since (architecture.md §5). Pure: no I/O, no clock; validity is judged
 * by number. Readers that took the same statements in agree, also where one was ahead in the directory's topic and the other
 * in the agency's: a revocation may come before the rotation that it undoes, or before the key that it ends.
 *
 * A countersignature has no number of the directory. It counts when the directory's key is good for any number, also after its
 * revocation: else whoever starts reading later could follow no rotation of that time. One by a key that turns out never to
 * have been the directory's is undone. The agency's old key, which must sign as well, is
 * judged by number, and its revocation undoes the rotation.
 */
export class TrustState {
  /** Id of the genesis; statements that name another are refused. */
  readonly networkId: Hash;
  /** The agency whose topic brings admissions, revocations and successions. */
  readonly directoryId: string;
  readonly #genesis: Genesis;
  #agencies: ReadonlyMap<string, AgencyRecord>;
  #revision = 0;

  /** @param genesis what `verifyGenesis` gave */
  constructor(genesis: Genesis) {
    const { directory } = genesis.statement;
    this.#genesis = genesis;
    this.networkId = genesisId(genesis);
    this.directoryId = directory.agency;
    const admission = { ...directory, genesis: this.networkId };
    this.#agencies = new Map([[directory.agency, recordOf({ ...EMPTY, admissions: [admission] }, null)]]);
  }

  /** Moves with every statement that was taken in. */
  get revision(): number {
    return this.#revision;
  }

  /** Another state of the same content: what one takes in, the other does not know. */
  copy(): TrustState {
    const copy = new TrustState(this.#genesis);
    copy.#agencies = this.#agencies;
    copy.#revision = this.#revision;
    return copy;
  }

  /**
   * Takes a statement in; false when it is known. A refusal changes nothing.
   *
   * @throws LedgerError `STATEMENT_MALFORMED`, `OTHER_NETWORK`, `ROOT_THRESHOLD`, `SEQUENCE`, `KEY_REUSED`, `OLD_KEY`,
   *   `POSSESSION`, `DIRECTORY_SIGNATURE`; `UNKNOWN_AGENCY` and `DIRECTORY_KEY_UNKNOWN`, after which the statement can be
   *   offered again when more is known
   */
  apply(entry: TrustEntry): boolean {
    switch (entry.type) {
      case 'admission':
        return this.#admit(this.#rootSigned(ADMISSION, entry.signed));
      case 'rotation':
        return this.#rotate(entry.at, entry.signed);
      case 'revocation':
        return this.#revoke(this.#rootSigned(REVOCATION, entry.signed));
      case 'succession':
        return this.#succeed(this.#rootSigned(SUCCESSION, entry.signed));
    }
  }

  /** All that are admitted, by id; also those without a key that counts. */
  agencies(): readonly TrustedAgency[] {
    return [...this.#agencies.values()].map(({ agency }) => agency).sort((a, b) => (a.agencyId < b.agencyId ? -1 : 1));
  }

  /** Keys that sign an agency's topic, oldest first; none for an agency that is not admitted. */
  signingKeys(agency: string): readonly TrustedSigningKey[] {
    return this.#agencies.get(agency)?.signingKeys ?? [];
  }

  /** Keys to seal to an agency, newest first. */
  sealingKeys(agency: string): readonly SealingPublicKey[] {
    return this.#agencies.get(agency)?.sealingKeys ?? [];
  }

  /**
   * The key that signs the directory's entries in the event of this number of its topic.
   *
   * @throws LedgerError `DIRECTORY_KEY_UNKNOWN`
   */
  directoryKeyAt(number: number): KeyObject {
    return this.#directoryKey((key) => key.fromNumber <= number && number <= (key.throughNumber ?? number));
  }

  #admit(statement: AdmissionStatement): boolean {
    const record = this.#agencies.get(statement.agency);
    const { history, sets } = record ?? { history: EMPTY, sets: [] };
    const same = history.admissions.find(({ sequence }) => sequence === statement.sequence);
    if (same !== undefined && equal(ADMISSION, same, statement)) return false;
    if (same !== undefined || !admissionFits(history, sets, statement)) throw outOfPlace();
    if (anyReused(sets, statement.keys)) throw reused();
    return this.#take({ ...history, admissions: [...history.admissions, statement] });
  }

  #rotate(at: number, offered: RotationSigned): boolean {
    const signed = readRotation(offered);
    const { statement } = signed;
    if (!isCount(at, 1)) throw malformed();
    this.#checkNetwork(statement);
    const { history, sets } = this.#recordOf(statement.agency);
    if (history.rotations.some((one) => one.at === at && equal(ROTATION, one.statement, statement))) return false;
    const ending = sets.find(({ sequence }) => sequence === statement.sequence - 1);
    if (ending === undefined || statement.treeSize >= at || isRotatedTo(sets, statement)) throw outOfPlace();
    const { signing } = ending.keys;
    if (signing.keyId !== statement.previousSigningKeyId || !servesAt(ending, at)) {
      throw new LedgerError('OLD_KEY', 'the key that the rotation ends is not the one of its number');
    }
    verifyRotationOfAgency(signed, ed25519Key(signing.x));
    const countersigner = verifyRotationOfDirectory(signed, (id) => this.#directoryKey(({ keyId }) => keyId === id));
    if (anyReused(sets, statement.keys)) throw reused();
    const countersignedBy = countersigner.export({ format: 'jwk' }).x as string;
    const rotation = { at, statement, ends: ending, countersignedBy };
    return this.#take({ ...history, rotations: [...history.rotations, rotation] });
  }

  #revoke(statement: RevocationStatement): boolean {
    const { history } = this.#recordOf(statement.agency);
    if (history.revocations.some((one) => equal(REVOCATION, one, statement))) return false;
    return this.#take({ ...history, revocations: [...history.revocations, statement] });
  }

  #succeed(statement: SuccessionStatement): boolean {
    const { history } = this.#recordOf(statement.agency);
    this.#recordOf(statement.successor);
    const { succession, admissions } = history;
    if (succession !== null) {
      if (equal(SUCCESSION, succession.statement, statement)) return false;
      throw outOfPlace();
    }
    const lastAdmission = Math.max(...admissions.map(({ sequence }) => sequence));
    return this.#take({ ...history, succession: { statement, lastAdmission } });
  }

  #rootSigned<S extends { readonly genesis: Hash }>(kind: StatementKind<S>, offered: RootSigned<S>): S {
    const signed = readRootSigned(kind, offered);
    this.#checkNetwork(signed.statement);
    return verifyRootSigned(this.#genesis, kind, signed);
  }

  #checkNetwork({ genesis }: { readonly genesis: Hash }): void {
    if (genesis !== this.networkId) throw new LedgerError('OTHER_NETWORK', 'the statement is one of another network');
  }

  #recordOf(agency: string): AgencyRecord {
    const record = this.#agencies.get(agency);
    if (record === undefined) throw new LedgerError('UNKNOWN_AGENCY', 'the agency is not admitted');
    return record;
  }

  #directoryKey(wanted: (key: TrustedSigningKey) => boolean): KeyObject {
    const key = this.signingKeys(this.directoryId).find(wanted);
    if (key === undefined) throw new LedgerError('DIRECTORY_KEY_UNKNOWN', 'the directory has no such key');
    return key.publicKey;
  }

  #take(history: KeyHistory): true {
    const taken = new Map(this.#agencies);
    const isDirectory = history.admissions[0]?.agency === this.directoryId;
    const record = recordOf(history, isDirectory ? null : this.#countersigners());
    this.#agencies = taken.set(record.agency.agencyId, record);
    if (isDirectory) this.#judgeRotationsAgain(taken);
    this.#revision += 1;
    return true;
  }

  #countersigners(): ReadonlySet<string> {
    return signingPointsOf(this.#agencies.get(this.directoryId)?.sets ?? []);
  }

  /** What counts as the directory's key has changed, and with it which rotations were countersigned. */
  #judgeRotationsAgain(agencies: Map<string, AgencyRecord>): void {
    const countersigners = this.#countersigners();
    for (const [agency, { history }] of agencies) {
      const isJudged = agency !== this.directoryId && history.rotations.length > 0;
      if (isJudged) agencies.set(agency, recordOf(history, countersigners));
    }
  }
}

const EMPTY: KeyHistory = { admissions: [], rotations: [], revocations: [], succession: null };

/** Whether a rotation, and not an admission, stands at the place already. */
function isRotatedTo(sets: AgencyRecord['sets'], { sequence }: RotationStatement): boolean {
  return sets.some((set) => set.sequence === sequence && set.admission !== sequence);
}

function equal<S>(kind: StatementKind<S>, a: S, b: S): boolean {
  return kind.signedBytes(a).equals(kind.signedBytes(b));
}

function outOfPlace(): LedgerError {
  return new LedgerError('SEQUENCE', 'the statement does not follow what is known of the agency');
}

function reused(): LedgerError {
  return new LedgerError('KEY_REUSED', 'a key or its name served the agency before');
}
