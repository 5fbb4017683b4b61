import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
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
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    throw error;
  }
}

/** Replaces a public file, or makes it, in one step. @throws AgencyRefusal `FILE_UNWRITABLE` */
export async function writePublic(file: string, content: unknown): Promise<void> {
  const next = `${file}.new`;
  await rm(next, { force: true });
  await writeNew(next, jsonText(content), MODES.public);
  await rename(next, file);
}

/** Whether there is a file of this name. */
export async function isThere(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** Reads JSON. @throws AgencyRefusal `FILE_UNREADABLE`, `FILE_MALFORMED` */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AgencyRefusal('FILE_MALFORMED', `${basename(file)} is not JSON`);
  }
}

/** Reads an Ed25519 private key and its public point. @throws AgencyRefusal `FILE_UNREADABLE`, `KEY_UNREADABLE` */
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
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new AgencyRefusal('FILE_UNREADABLE', `${basename(file)} is missing or cannot be read`);
  }
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await opened(file, mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function opened(file: string, mode: number): Promise<FileHandle> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return await open(file, 'wx', mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(basename(file));
    throw new AgencyRefusal('FILE_UNWRITABLE', `${basename(file)} cannot be written there`);
  }
}

function exists(name: string): AgencyRefusal {
  return new AgencyRefusal('FILE_EXISTS', `there is a file ${name} in the folder; nothing was written`);
}

function jsonText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
