import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { EXIT, UsageError } from '@acogida/operations';
import { AgencyRefusal } from './agency-refusal.ts';
import { type Action, optionsOf, report } from './command-options.ts';
import { platformIn } from './running-platform.ts';
import { readStatementFile, type StatementFile } from './statement-files.ts';

const PUBLISH_HELP = `Usage: npm run agency -- publish STATEMENT … [--data-dir DIR] [--json]

Hands admissions, revocations and successions that enough roots signed to the directory of a running platform, which publishes
each once. Every node goes by it from then on; none is started again.`;

const JOIN_HELP = `Usage: npm run agency -- join ADMISSION [--data-dir DIR] [--json]

Hands an agency's admission to the directory of a running platform. From then on every node listens to the agency: start its
node with GENESIS_FILE, GENESIS_ID, and the admission as ADMISSIONS_FILE. It learns of the others from the directory's topic.`;

const OPTIONS = { 'data-dir': { type: 'string' } } as const;

type RootStatement = Exclude<StatementFile, { readonly type: 'rotation' }>;

/** `agency -- publish`. */
export const publishAction: Action = {
  help: PUBLISH_HELP,
  run: (args, { output }) => publish(args, output, () => true),
};

/** `agency -- join`. */
export const joinAction: Action = {
  help: JOIN_HELP,
  run: (args, { output }) => publish(args, output, ({ type }) => type === 'admission'),
};

async function publish(
  args: readonly string[],
  output: Parameters<Action['run']>[1]['output'],
  isMeant: (statement: RootStatement) => boolean,
): Promise<number> {
  const { values, positionals } = optionsOf(args, OPTIONS, true);
  if (positionals.length === 0) throw new UsageError('name the files to publish');
  const statements: RootStatement[] = [];
  for (const file of positionals) {
    const statement = await readStatementFile(file);
    if (statement.type === 'rotation' || !isMeant(statement)) {
      throw new AgencyRefusal('FILE_MALFORMED', `${basename(file)} holds no statement that this action publishes`);
    }
    statements.push(statement);
  }
  const { directoryId, ask } = await platformIn(values['data-dir']);
  const published = [];
  for (const { type, signed } of statements) {
    const body = { type, signed };
    const idempotencyKey = `trust:${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
    await ask({ agency: directoryId, path: '/v1/trust/statements', post: { body, idempotencyKey } });
    published.push({ type, agency: signed.statement.agency });
  }
  const lines = published.map(({ type, agency }) => `published: ${type} of ${agency}`);
  report(output, values.json, lines, { published });
  return EXIT.ok;
}
