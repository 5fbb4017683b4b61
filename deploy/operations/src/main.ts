import { EXIT, type Output, terminal, UsageError } from './command-line.ts';
import { RefusedError } from './api-client.ts';
import { runQuarantine } from './quarantine-command.ts';
import { runReconcile } from './reconcile-command.ts';
import { UnreachableError } from './retrying.ts';
import { NotRunningError } from './run-file.ts';
import { runToken } from './token-command.ts';
import { TokenRefusedError } from './tokens.ts';

const COMMANDS: Readonly<Record<string, (args: readonly string[], output: Output) => Promise<number>>> = {
  reconcile: runReconcile,
  quarantine: runQuarantine,
  token: runToken,
};

async function main([command = '', ...args]: readonly string[]): Promise<number> {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  try {
    if (run === undefined) throw new UsageError(`name a command: ${Object.keys(COMMANDS).join(', ')}`);
    return await run(args, terminal);
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof TokenRefusedError) {
    terminal.err(`${error.message} (--help shows how)`);
    return EXIT.usage;
  }
  if (error instanceof UnreachableError || error instanceof NotRunningError) {
    terminal.err(error.message);
    return EXIT.unreachable;
  }
  if (error instanceof RefusedError) {
    terminal.err(`${error.code}: ${error.message}`);
    return EXIT.findings;
  }
  throw error;
}

process.exitCode = await main(process.argv.slice(2));
