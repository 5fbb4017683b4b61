import { basename } from 'node:path';
import {
  ADMISSION,
  type Genesis,
  genesisId,
  LedgerError,
  readRootSigned,
  readRotation,
  REVOCATION,
  rootsBehind,
  type RootSignature,
  type RootSigned,
  type RotationSigned,
  type RotationStatement,
  SUCCESSION,
  signAsRoot,
  type StatementKind,
  type TrustEntry,
  TrustState,
  verifyGenesis,
} from '@acogida/ledger';
import { AgencyRefusal } from './agency-refusal.ts';
import { isThere, readJson, readSigningKey, writePublic } from './key-files.ts';

/** A rotation as a file: it gets its number only when it is published. */
export interface RotationFile {
  readonly type: 'rotation';
  readonly signed: RotationSigned;
}

/** What a statement file holds. */
export type StatementFile = Exclude<TrustEntry, { readonly type: 'rotation' }> | RotationFile;

/** How many roots have signed a statement, of how many that must. */
export interface Signatures {
  readonly signatures: number;
  readonly threshold: number;
  readonly valid: boolean;
}

/**
 * Reads and checks a genesis.
 *
 * @param pin its id, hexadecimal, as it was handed on by another way; not compared when undefined
 * @throws AgencyRefusal `PIN_DIFFERS`, and as `readJson`; LedgerError as `verifyGenesis`
 */
export async function readGenesisFile(file: string, pin?: string): Promise<Genesis> {
  const genesis = verifyGenesis(await readJson(file));
  if (pin !== undefined && pin !== genesisId(genesis)) {
    throw new AgencyRefusal('PIN_DIFFERS', 'the genesis is not the one of this id');
  }
  return genesis;
}

/** Reads a statement; its signatures are not checked. @throws AgencyRefusal `FILE_MALFORMED`, and as `readJson` */
export async function readStatementFile(file: string): Promise<StatementFile> {
  const { type, signed } = ((await readJson(file)) ?? {}) as { readonly type?: unknown; readonly signed?: unknown };
  try {
    if (type === 'admission') return { type, signed: readRootSigned(ADMISSION, signed) };
    if (type === 'rotation') return { type, signed: readRotation(signed) };
    if (type === 'revocation') return { type, signed: readRootSigned(REVOCATION, signed) };
    if (type === 'succession') return { type, signed: readRootSigned(SUCCESSION, signed) };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
  throw new AgencyRefusal('FILE_MALFORMED', `${basename(file)} holds no statement of this version`);
}

/** A statement file on the command line: `rotation.json@118` is one whose event has the number 118. */
export interface StatementWord {
  readonly file: string;
  readonly at: number | undefined;
}

/** Reads `FILE` or `FILE@NUMBER`. */
export function statementWord(word: string): StatementWord {
  const [, file, number] = /^(.+)@([1-9]\d{0,14})$/s.exec(word) ?? [];
  return file === undefined ? { file: word, at: undefined } : { file, at: Number(number) };
}

/**
 * The state of trust after these statements, in this order. A rotation without a number is taken at the first that it can
 * have: `firstNumberOf`.
 *
 * @param refused is told which file was refused before the error goes on
 * @throws AgencyRefusal and LedgerError of the first statement that does not hold
 */
export async function foldStatements(
  genesis: Genesis,
  words: readonly string[],
  refused: (file: string) => void = () => undefined,
): Promise<TrustState> {
  const state = new TrustState(genesis);
  for (const { file, at } of words.map(statementWord)) {
    try {
      state.apply(entryOf(state, await readStatementFile(file), at));
    } catch (error) {
      refused(file);
      throw error;
    }
  }
  return state;
}

/** The lowest number at which a rotation can stand: after the tree that it names, under the key that it ends. */
export function firstNumberOf(
  state: TrustState,
  { agency, treeSize, previousSigningKeyId }: RotationStatement,
): number {
  const ending = state.signingKeys(agency).find(({ keyId }) => keyId === previousSigningKeyId);
  return Math.max(treeSize + 1, ending?.fromNumber ?? 1);
}

function entryOf(state: TrustState, statement: StatementFile, at: number | undefined): TrustEntry {
  if (statement.type !== 'rotation') return statement;
  return { ...statement, at: at ?? firstNumberOf(state, statement.signed.statement) };
}

/**
 * Adds the signatures of these root keys to a statement in a file, which is made when it is missing.
 *
 * @param file where the statement stands or will stand, with the signatures that it has already
 * @throws AgencyRefusal `ROOT_UNKNOWN`, `STATEMENT_DIFFERS`, and as `readSigningKey`
 */
export async function signInFile<S>(
  file: string,
  what: { readonly type: StatementFile['type']; readonly kind: StatementKind<S>; readonly statement: S },
  genesis: Genesis,
  rootKeyFiles: readonly string[],
): Promise<Signatures> {
  const { type, kind, statement } = what;
  const { rootKeys, threshold } = genesis.statement;
  const signatures = new Map<string, RootSignature>();
  for (const one of await signaturesIn(file, what, genesis)) signatures.set(one.rootKeyId, one);
  for (const keyFile of rootKeyFiles) {
    const { privateKey, x } = await readSigningKey(keyFile);
    const root = rootKeys.find((key) => key.x === x);
    if (root === undefined) {
      throw new AgencyRefusal('ROOT_UNKNOWN', `${basename(keyFile)} is not a root key of this genesis`);
    }
    signatures.set(root.rootKeyId, signAsRoot(kind, { rootKeyId: root.rootKeyId, privateKey }, statement));
  }
  const signed: RootSigned<S> = { statement, signatures: [...signatures.values()] };
  await writePublic(file, { type, signed });
  return { signatures: signatures.size, threshold, valid: signatures.size >= threshold };
}

/** Those in the file that are a root's; none when there is no file. */
async function signaturesIn<S>(
  file: string,
  { type, kind, statement }: { readonly type: string; readonly kind: StatementKind<S>; readonly statement: S },
  genesis: Genesis,
): Promise<readonly RootSignature[]> {
  if (!(await isThere(file))) return [];
  const there = await readStatementFile(file);
  const bytes = kind.signedBytes(statement);
  if (
    there.type !== type ||
    there.type === 'rotation' ||
    !kind.signedBytes(there.signed.statement as S).equals(bytes)
  ) {
    throw new AgencyRefusal('STATEMENT_DIFFERS', `${basename(file)} holds another statement; nothing was signed`);
  }
  return there.signed.signatures.filter((one) => rootsBehind(genesis.statement.rootKeys, bytes, [one]).size === 1);
}
