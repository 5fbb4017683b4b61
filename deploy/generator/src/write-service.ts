import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GeneratorRefusal } from './refusal.ts';
import type { ServicePlan } from './service-plan.ts';

/** Left by the bootstrap: the hash of the lock file that was installed last. */
const INSTALL_STAMP = 'node_modules/.acogida-install';

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function generateContracts(workspace: string): void {
  const { status, stderr } = spawnSync(process.execPath, ['contracts/generate.mjs'], {
    cwd: workspace,
    encoding: 'utf8',
  });
  if (status !== 0) throw new GeneratorRefusal('GENERATOR.CONTRACTS_FAILED', `npm run contracts:generate: ${stderr}`);
}

/** npm would do no more for a package of the workspace than link it; with the stamp moved on, nothing is installed again. */
async function link(workspace: string, kind: string, lockBefore: string, lockAfter: string): Promise<void> {
  const packages = join(workspace, 'node_modules', '@acogida');
  const stamp = join(workspace, INSTALL_STAMP);
  if (!existsSync(packages)) return;
  await symlink(join('..', '..', 'services', kind), join(packages, kind), 'junction').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(lockBefore))
    await writeFile(stamp, hashOf(lockAfter));
}

/**
 * Writes a planned service, generates the contract types and links the package. When a step fails, all is put back.
 *
 * @throws GeneratorRefusal when the contracts cannot be generated
 */
export async function writeService(workspace: string, plan: ServicePlan): Promise<void> {
  const before = new Map<string, string>();
  for (const file of plan.changed.keys()) before.set(file, await readFile(join(workspace, file), 'utf8'));
  try {
    for (const [file, text] of plan.created) {
      await mkdir(dirname(join(workspace, file)), { recursive: true });
      await writeFile(join(workspace, file), text, { flag: 'wx' });
    }
    for (const [file, text] of plan.changed) await writeFile(join(workspace, file), text);
    generateContracts(workspace);
  } catch (error) {
    await rm(join(workspace, 'services', plan.names.kind), { recursive: true, force: true });
    for (const file of plan.created.keys()) await rm(join(workspace, file), { force: true });
    await rm(join(workspace, `contracts/fixtures/${plan.names.procedure}-opened.v1.json`), { force: true });
    for (const [file, text] of before) await writeFile(join(workspace, file), text);
    generateContracts(workspace);
    throw error;
  }
  const lock = 'package-lock.json';
  await link(workspace, plan.names.kind, before.get(lock) ?? '', plan.changed.get(lock) ?? '');
}
