import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AgencyRefusal } from './agency-refusal.ts';
import { type AgencyKeys, KEY_USES, pointOf } from './agency-keys.ts';

/** A file to be made. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
  /** `secret`: only its owner may read it. */
  readonly audience: 'secret' | 'public';
}

const MODES = { secret: 0o600, public: 0o644 } as const;

/** Far above any key or statement: files come from others, and may be anything. */
const MOST_BYTES = 2 ** 20;

/** The private keys of an agency as files: `signing.pem`, `sealing.pem`, `transport.pem`. */
export function keyFiles({ privateKeys }: AgencyKeys): NewFile[] {
  return KEY_USES.map((use) => secretFile(`${use}.pem`, privateKeys[use]));
}

/** A private key as PKCS8 PEM. */
export function secretFile(name: string, key: KeyObject): NewFile {
  return { name, text: key.export({ type: 'pkcs8', format: 'pem' }) as string, audience: 'secret' };
}

/** What everybody may read, as JSON. */
export function publicFile(name: string, content: unknown): NewFile {
  return { name, text: jsonText(content), audience: 'public' };
}

/**
 * Writes new files into a folder, which is made when it is missing. All or none: what is there already is never touched,
 * and what was written is on the disk when it resolves.
 *
 * @throws AgencyRefusal `FILE_EXISTS`, `FILE_UNWRITABLE`
 */
export async function writeNewFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  for (const { name } of files) {
    if (await isThere(join(folder, name))) throw exists(name);
  }
  const written: string[] = [];
  try {
    for (const { name, text, audience } of files) {
      const file = join(folder, name);
      await writeNew(file, text, MODES[audience]);
      written.push(file);
    }
    for (const one of new Set(written.map((file) => dirname(file)))) await syncFolder(one);
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    throw error;
  }
}

/** Replaces a public file, or makes it, in one step. @throws AgencyRefusal `FILE_UNWRITABLE` */
export async function writePublic(file: string, content: unknown): Promise<void> {
  const next = `${file}.${randomUUID()}.new`;
  await writeNew(next, jsonText(content), MODES.public);
  try {
    await rename(next, file);
  } catch {
    await rm(next, { force: true });
    throw unwritable(basename(file));
  }
  await syncFolder(dirname(file));
}

/** Whether there is a file of this name. */
export async function isThere(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** Reads JSON. @throws AgencyRefusal `FILE_UNREADABLE`, `FILE_MALFORMED` (also above 1 MiB) */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AgencyRefusal('FILE_MALFORMED', `${basename(file)} is not JSON`);
  }
}

/** Reads an Ed25519 private key and its public point. @throws AgencyRefusal `FILE_UNREADABLE`, `FILE_MALFORMED`, `KEY_UNREADABLE` */
export async function readSigningKey(file: string): Promise<{ readonly privateKey: KeyObject; readonly x: string }> {
  const text = await readText(file);
  const privateKey = parsedKey(text);
  if (privateKey?.asymmetricKeyType !== 'ed25519') {
    throw new AgencyRefusal('KEY_UNREADABLE', `${basename(file)} does not hold an Ed25519 private key as PKCS8 PEM`);
  }
  return { privateKey, x: pointOf(createPublicKey(privateKey)) };
}

/** The parser's own words may show what it read. */
function parsedKey(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

async function readText(file: string): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of createReadStream(file, { end: MOST_BYTES })) parts.push(part as Buffer);
  } catch {
    throw new AgencyRefusal('FILE_UNREADABLE', `${basename(file)} is missing or cannot be read`);
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length <= MOST_BYTES) return bytes.toString('utf8');
  throw new AgencyRefusal('FILE_MALFORMED', `${basename(file)} is larger than any file of this command`);
}

/** Leaves no part of a file behind when it fails. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await opened(file, mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch {
    await rm(file, { force: true });
    throw unwritable(basename(file));
  } finally {
    await handle.close();
  }
}

async function opened(file: string, mode: number): Promise<FileHandle> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  } catch {
    throw unwritable(basename(file));
  }
  try {
    return await open(file, 'wx', mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(basename(file));
    throw unwritable(basename(file));
  }
}

/** A new name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    throw unwritable(basename(folder));
  }
}

function unwritable(name: string): AgencyRefusal {
  return new AgencyRefusal('FILE_UNWRITABLE', `${name} cannot be written there`);
}

function exists(name: string): AgencyRefusal {
  return new AgencyRefusal('FILE_EXISTS', `there is a file ${name} in the folder; nothing was written`);
}

function jsonText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
