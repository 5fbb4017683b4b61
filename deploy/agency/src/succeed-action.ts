import { genesisId, SUCCESSION, type SuccessionStatement } from '@acogida/ledger';
import { EXIT, UsageError } from '@acogida/operations';
import { signaturesLine } from './admit-action.ts';
import { type Action, agencyIdOption, needed, optionsOf, report, rootKeyFiles } from './command-options.ts';
import { LAST_GOOD_OPTIONS, lastGoodOf } from './last-good-options.ts';
import { readGenesisFile, signInFile } from './statement-files.ts';

const HELP = `Usage: npm run agency -- succeed --genesis FILE --agency ID --by ID --last-good N --tree-head HASH
                              --root-key FILE [--root-key FILE …] --out FILE   [options]

Orders, as one root or more, that an agency that is gone for good is succeeded by another: its topic ends at its last good
number, and the successor takes the next term of every case that was in its custody. Each holder gives the same words, his own
key and the same --out; with K signatures the order is valid. An agency is succeeded once.

  --agency ID        the agency that is gone
  --by ID            its successor; both are admitted
  --last-good N      last number of the agency's topic that counts; 0 when none does
  --tree-head HASH   root of the agency's tree at that number, hexadecimal
  --genesis-id ID    refuses another genesis than this one
  --json, --help`;

const OPTIONS = {
  genesis: { type: 'string' },
  'genesis-id': { type: 'string' },
  agency: { type: 'string' },
  by: { type: 'string' },
  ...LAST_GOOD_OPTIONS,
  'root-key': { type: 'string', multiple: true },
  out: { type: 'string' },
} as const;

type Values = ReturnType<typeof optionsOf<typeof OPTIONS>>['values'];

/** `agency -- succeed`. */
export const succeedAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values } = optionsOf(args, OPTIONS);
    const ordered = orderedBy(values);
    const out = needed('out', values.out);
    const roots = rootKeyFiles(values['root-key']);
    const genesis = await readGenesisFile(needed('genesis', values.genesis), values['genesis-id']);
    const statement: SuccessionStatement = { ...ordered, genesis: genesisId(genesis) };
    const signed = await signInFile(out, { type: 'succession', kind: SUCCESSION, statement }, genesis, roots);
    const { agency, successor, lastGoodNumber } = statement;
    const lines = [`${successor} succeeds ${agency}, last good number ${lastGoodNumber}`, signaturesLine(signed)];
    report(output, values.json, lines, { agency, successor, lastGoodNumber, ...signed });
    return EXIT.ok;
  },
};

function orderedBy(values: Values): Omit<SuccessionStatement, 'genesis'> {
  const agency = agencyIdOption('agency', values.agency);
  const successor = agencyIdOption('by', values.by);
  if (successor === agency) throw new UsageError('--by takes another agency than the one that is gone');
  return { agency, successor, ...lastGoodOf(values) };
}
