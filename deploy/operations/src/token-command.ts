import { parseArgs } from 'node:util';
import { EXIT, type Output, UsageError } from './command-line.ts';
import { retrying } from './retrying.ts';
import { readRunFile, resolveDataDir } from './run-file.ts';
import { IssuerTokens } from './tokens.ts';

const HELP = `Usage: npm run -s token -- --agency AGENCY --role ROLE [--data-dir DIR]

Prints a bearer token of the development user AGENCY.ROLE. Roles: caseworker, border-officer, referral-officer,
screening-officer, eligibility-officer, supervisor, coordinator, auditor, operator, import.`;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        agency: { type: 'string' },
        role: { type: 'string' },
        'data-dir': { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `npm run token`; resolves to the exit code. */
export async function runToken(args: readonly string[], output: Output): Promise<number> {
  const { agency, role, help, 'data-dir': dataDir } = parse(args);
  if (help === true) {
    output.out(HELP);
    return EXIT.ok;
  }
  if (agency === undefined || role === undefined) throw new UsageError('name --agency and --role');
  const run = await readRunFile(resolveDataDir(dataDir));
  const tokens = new IssuerTokens(run.issuer);
  output.out(await retrying(() => tokens.token(agency, role), { patienceMs: 10_000 }));
  return EXIT.ok;
}
