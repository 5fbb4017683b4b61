import {
  EXIT,
  NotRunningError,
  type Output,
  TokenRefusedError,
  UnreachableError,
  UsageError,
} from '@acogida/operations';
import { admitAction } from './admit-action.ts';
import { refusalOf } from './agency-refusal.ts';
import type { Action } from './command-options.ts';
import { countersignAction } from './countersign-action.ts';
import { genesisAction } from './genesis-action.ts';
import { initAction } from './init-action.ts';
import { joinAction, publishAction } from './publish-action.ts';
import { revokeAction } from './revoke-action.ts';
import { rotateKeysAction } from './rotate-keys-action.ts';
import { succeedAction } from './succeed-action.ts';
import { verifyAction } from './verify-action.ts';

const ACTIONS: Readonly<Record<string, Action>> = {
  genesis: genesisAction,
  init: initAction,
  admit: admitAction,
  verify: verifyAction,
  'rotate-keys': rotateKeysAction,
  countersign: countersignAction,
  revoke: revokeAction,
  succeed: succeedAction,
  join: joinAction,
  publish: publishAction,
};

const HELP = `Usage: npm run agency -- ACTION [options]        (ACTION --help shows its options)

Keys and statements of trust, as files; join, publish and rotate-keys --signing-key take them to a running platform.

  genesis       a new network: root keys and the signed genesis
  init          keys of an agency and its admission request
  admit         a root signs an admission
  verify        checks statements; prints agencies, their keys and numbers
  rotate-keys   next keys of an agency and the rotation that it signs
  countersign   the directory signs a rotation
  revoke        a root signs the end of a key
  succeed       a root signs who succeeds an agency that is gone
  join          an agency's admission goes to the directory of a running platform
  publish       so does any statement of the roots

Exit code: 0 done, 1 refused, with a stable code, 2 usage, 3 the platform cannot be reached.`;

/**
 * `npm run agency`; resolves to the exit code.
 *
 * @param now the moment of the call: `2026-11-22T09:00:00.000Z`
 */
export async function runAgency(words: readonly string[], output: Output, now: string): Promise<number> {
  const [name = '', ...args] = words;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  try {
    if (action === undefined && !words.includes('--help')) {
      throw new UsageError(`name an action: ${Object.keys(ACTIONS).join(', ')}`);
    }
    if (action === undefined || args.includes('--help')) {
      output.out(action?.help ?? HELP);
      return EXIT.ok;
    }
    return await action.run(args, { output, now });
  } catch (error) {
    return exitCodeOf(error, args.includes('--json'), output);
  }
}

function exitCodeOf(error: unknown, json: boolean, output: Output): number {
  if (error instanceof UsageError) {
    output.err(`${error.message} (--help shows how)`);
    return EXIT.usage;
  }
  if (error instanceof NotRunningError || error instanceof UnreachableError || error instanceof TokenRefusedError) {
    output.err(error.message);
    return EXIT.unreachable;
  }
  const refusal = refusalOf(error);
  if (refusal === null) throw error;
  output.err(`${refusal.code}: ${refusal.message}`);
  if (json) output.out(JSON.stringify({ code: refusal.code }));
  return EXIT.findings;
}
