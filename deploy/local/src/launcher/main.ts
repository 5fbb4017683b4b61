import { UsageError } from '@acogida/operations';
import { ConsoleView } from './console-view.ts';
import { StartRefusedError } from './data-dir.ts';
import { LAUNCHER_HELP, parseLauncherOptions } from './options.ts';
import { Platform } from './platform.ts';
import { NotReadyError } from './readiness.ts';
import { seedDirectory } from './seed-directory.ts';
import { readySummary } from './summary.ts';

const startedMs = performance.now() - Number(process.env['ACOGIDA_BOOTSTRAP_MS'] ?? 0);
const PARENT_LOOK_INTERVAL_MS = 500;

/** Ends the platform when asked, or when the process that started the launcher is gone. */
function stopWhenAsked(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const parent = process.ppid;
  if (process.env['ACOGIDA_BOOTSTRAPPED'] === undefined) return;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_LOOK_INTERVAL_MS).unref();
}

async function launch(): Promise<number> {
  const options = parseLauncherOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(`${LAUNCHER_HELP}\n`);
    return 0;
  }
  const view = new ConsoleView(process.stderr);
  const platform = new Platform(options, view);
  const asked = new Promise<void>((resolve) => {
    stopWhenAsked(() => {
      view.doing('Stopping');
      void platform.stop();
      resolve();
    });
  });
  let exitCode = 0;
  try {
    const run = await platform.start();
    await seedDirectory(run.file(), view);
    view.done();
    process.stdout.write(`${readySummary(run.file(), performance.now() - startedMs)}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(run.file())}\n`);
    await asked;
  } catch (error) {
    exitCode = refused(error, view);
  }
  await platform.stop();
  view.done();
  return exitCode;
}

function refused(error: unknown, view: ConsoleView): number {
  view.done();
  if (error instanceof StartRefusedError) {
    if (error.exitCode !== 0) view.tell(error.message);
    return error.exitCode;
  }
  view.tell(error instanceof NotReadyError ? error.message : String((error as Error).stack ?? error));
  return 1;
}

try {
  process.exit(await launch());
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message} (--help shows how)\n`);
  process.exit(2);
}
