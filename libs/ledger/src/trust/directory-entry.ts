import type { KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Hash, isHash } from '../merkle.ts';
import { hasFields, isCount, isInstant, isName, malformed, type Signed, StatementKind } from '../signed-text.ts';
import { isCode } from './statement-fields.ts';

/**
 * What the directory signs about each of its entries, so that one can be shown and checked alone, without the topic that it
 * came in.
 */
export interface DirectoryEntryStatement {
  /** Id of the genesis. */
  readonly genesis: Hash;
  /** Code of what is listed: `SERVICE`. */
  readonly kind: string;
  readonly entryId: string;
  /** 1, 2, 3 … within the entry. */
  readonly version: number;
  /** The entry itself, in the names of HSDS 3; any JSON object. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** `2026-11-22T09:00:00.000Z`. */
  readonly validFrom: string;
}

/** An entry statement with the directory's signature. */
export type SignedDirectoryEntry = Signed<DirectoryEntryStatement>;

const FIELDS = ['entry', 'entryId', 'genesis', 'kind', 'validFrom', 'version'];

const KIND = new StatementKind<DirectoryEntryStatement>('acogida.directory-entry.v1', (value) => {
  if (!hasFields(value, FIELDS)) throw malformed();
  const { genesis, kind, entryId, version, entry, validFrom } = value as unknown as DirectoryEntryStatement;
  const wellFormed =
    isHash(genesis) &&
    isCode(kind) &&
    isName(entryId) &&
    isCount(version, 1) &&
    isInstant(validFrom) &&
    isJsonObject(entry);
  if (!wellFormed) throw malformed();
});

/** Signs an entry. `privateKey` is the directory's signing key. @throws LedgerError `STATEMENT_MALFORMED` */
export function signDirectoryEntry(privateKey: KeyObject, statement: DirectoryEntryStatement): SignedDirectoryEntry {
  return KIND.sign(privateKey, statement);
}

/**
 * Checks the signature and gives back the entry. That it is of the right network and the newest, the reader sees: compare
 * `genesis` and `version`.
 *
 * @param publicKey the directory's key at the number of the event that carries the entry: `TrustState.directoryKeyAt`
 * @throws LedgerError `STATEMENT_MALFORMED`, `SIGNATURE_INVALID`
 */
export function verifyDirectoryEntry(publicKey: KeyObject, signed: SignedDirectoryEntry): DirectoryEntryStatement {
  return KIND.verify(publicKey, signed);
}

/** A signed entry as text: canonical JSON. */
export function encodeDirectoryEntry(signed: SignedDirectoryEntry): string {
  return KIND.encode(signed);
}

/** Reads what `encodeDirectoryEntry` wrote; the signature is not checked here. @throws LedgerError `STATEMENT_MALFORMED` */
export function decodeDirectoryEntry(text: string): SignedDirectoryEntry {
  return KIND.decode(text);
}

/** What has a canonical text and comes back from it as it was. */
function isJsonObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  try {
    return sameJson(value, JSON.parse(canonicalize(value) as string));
  } catch {
    return false;
  }
}

function sameJson(value: unknown, read: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Object.is(value, read) || value === read;
  if (typeof read !== 'object' || read === null || Array.isArray(value) !== Array.isArray(read)) return false;
  const names = Object.keys(value);
  return (
    names.length === Object.keys(read).length &&
    names.every((name) => sameJson((value as Record<string, unknown>)[name], (read as Record<string, unknown>)[name]))
  );
}
