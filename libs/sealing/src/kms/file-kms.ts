import { createSecretKey, type KeyObject } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decrypt, encrypt, type SealContext } from '../aead.ts';
import { KEY_BYTES } from '../hkdf.ts';
import type { Randomness } from '../randomness.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { type Kms, KmsError, type Wrapped } from './port.ts';

const OWNER_ONLY = 0o600;

function contextOf(version: number): SealContext {
  return ['acogida', 'v1', 'kms', version];
}

/**
 * Master key in a file, for development and for nodes without a KMS: `{"versions":{"1":"<base64>"}}`, readable by its owner
 * only. Keep it on another disk than the database, and out of its backups.
 *
 * A change is written beside the file, flushed, and renamed over it; the old file is overwritten with zeros before it is
 * unlinked. A process that ends in between finds the rest and finishes it when it opens the file again. What a disk or a
 * copy-on-write file system keeps of overwritten blocks is beyond reach: where that matters, use `TransitKms`.
 */
export class FileKms implements Kms {
  readonly name = 'file';
  readonly #path: string;
  readonly #randomness: Randomness;
  #versions: ReadonlyMap<number, SecretBytes>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, randomness: Randomness, versions: ReadonlyMap<number, SecretBytes>) {
    this.#path = path;
    this.#randomness = randomness;
    this.#versions = versions;
  }

  /** Opens the file, or makes it with version 1. @throws KmsError `KMS.REFUSED` when it holds something else */
  static async open(path: string, randomness: Randomness): Promise<FileKms> {
    await shred(path, `${path}.new`);
    await shred(path, `${path}.old`);
    const versions = await readVersions(path);
    const kms = new FileKms(path, randomness, versions ?? new Map());
    if (versions === null) await kms.rotate();
    return kms;
  }

  async wrap(plain: SecretBytes): Promise<Wrapped> {
    return this.#inTurn(async () => {
      await this.#readAgain();
      const version = this.#newest();
      return { version, wrapped: encrypt(this.#key(version), contextOf(version), plain.expose()).toString('base64') };
    });
  }

  async unwrap({ version, wrapped }: Wrapped): Promise<SecretBytes> {
    return this.#inTurn(async () => {
      await this.#readAgain();
      const plain = decrypt(this.#key(version), contextOf(version), Buffer.from(wrapped, 'base64'));
      if (plain === null) throw new KmsError('KMS.UNWRAP_REFUSED', 'the master key did not wrap this');
      return new SecretBytes(plain);
    });
  }

  async rotate(): Promise<number> {
    return this.#inTurn(async () => {
      await this.#readAgain();
      const version = this.#newest() + 1;
      const added = new SecretBytes(this.#randomness.bytes(KEY_BYTES));
      await this.#replace(new Map([...this.#versions, [version, added]]));
      return version;
    });
  }

  async destroyBelow(version: number): Promise<void> {
    await this.#inTurn(async () => {
      await this.#readAgain();
      if (version > this.#newest()) throw new RangeError('there is no such version to keep');
      const destroyed = [...this.#versions].filter(([old]) => old < version);
      if (destroyed.length === 0) return;
      await this.#replace(new Map([...this.#versions].filter(([kept]) => kept >= version)));
      for (const [, secret] of destroyed) secret.wipe();
    });
  }

  #newest(): number {
    return Math.max(0, ...this.#versions.keys());
  }

  #key(version: number): KeyObject {
    const secret = this.#versions.get(version);
    if (secret === undefined) throw new KmsError('KMS.UNWRAP_REFUSED', 'this version of the master key is not there');
    return createSecretKey(secret.expose());
  }

  /** Another process of the node may have changed the file: what it added is there, and what it destroyed is not kept here. */
  async #readAgain(): Promise<void> {
    const versions = await readVersions(this.#path);
    if (versions === null) return;
    for (const secret of this.#versions.values()) secret.wipe();
    this.#versions = versions;
  }

  /** One after the other, whether or not the one before succeeded. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #replace(versions: ReadonlyMap<number, SecretBytes>): Promise<void> {
    await writeVersions(this.#path, versions).catch((error: unknown) => {
      if (error instanceof KmsError) throw error;
      throw new KmsError('KMS.UNAVAILABLE', 'the file of the master key cannot be written');
    });
    this.#versions = versions;
  }
}

async function readVersions(path: string): Promise<Map<number, SecretBytes> | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new KmsError('KMS.UNAVAILABLE', 'the file of the master key cannot be read');
  }
  const entries = Object.entries(versionsOf(text)).map(([version, key]): [number, SecretBytes] => {
    const bytes = Buffer.from(String(key), 'base64');
    if (!/^[1-9]\d{0,8}$/.test(version) || bytes.length !== KEY_BYTES) throw notAMasterKey();
    return [Number(version), new SecretBytes(bytes)];
  });
  if (entries.length === 0) throw notAMasterKey();
  return new Map(entries);
}

function versionsOf(text: string): object {
  try {
    const { versions } = JSON.parse(text) as { readonly versions?: unknown };
    if (typeof versions === 'object' && versions !== null) return versions;
  } catch {
    // What could not be parsed may be a damaged key: its text is not repeated.
  }
  throw notAMasterKey();
}

function notAMasterKey(): KmsError {
  return new KmsError('KMS.REFUSED', 'the file holds no master key');
}

async function writeVersions(path: string, versions: ReadonlyMap<number, SecretBytes>): Promise<void> {
  const entries = [...versions].map(([version, secret]) => [version, secret.expose().toString('base64')] as const);
  await shred(path, `${path}.new`);
  const file = await open(`${path}.new`, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${JSON.stringify({ versions: Object.fromEntries(entries) })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await shred(path, `${path}.old`);
  // A second name keeps the old bytes in reach after the renaming.
  if ((await readVersions(path)) !== null) await link(path, `${path}.old`);
  await rename(`${path}.new`, path);
  await syncFolder(path);
  await shred(path, `${path}.old`);
}

/** Overwrites what a file holds and unlinks it; only unlinks a second name of the present file. */
async function shred(path: string, rest: string): Promise<void> {
  const file = await openIfThere(rest);
  if (file === null) return;
  try {
    const { ino, size } = await file.stat();
    const present = await openIfThere(path);
    const isPresent = present !== null && (await present.stat()).ino === ino;
    await present?.close();
    if (!isPresent) {
      await file.write(Buffer.alloc(size), 0, size, 0);
      await file.sync();
    }
  } finally {
    await file.close();
  }
  await unlink(rest);
  await syncFolder(path);
}

async function openIfThere(path: string): Promise<Awaited<ReturnType<typeof open>> | null> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new KmsError('KMS.UNAVAILABLE', 'the file of the master key cannot be opened');
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
