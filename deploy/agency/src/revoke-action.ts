import { genesisId, isCode, isKeyId, REVOCATION, REVOCATION_REASONS, type RevocationStatement } from '@acogida/ledger';
import { EXIT, UsageError } from '@acogida/operations';
import { signaturesLine } from './admit-action.ts';
import { type Action, agencyIdOption, needed, optionsOf, report, rootKeyFiles } from './command-options.ts';
import { LAST_GOOD_OPTIONS, lastGoodOf } from './last-good-options.ts';
import { readGenesisFile, signInFile } from './statement-files.ts';

const HELP = `Usage: npm run agency -- revoke --genesis FILE --agency ID --key-id KEY --last-good N --tree-head HASH --reason CODE
                              --root-key FILE [--root-key FILE …] --out FILE   [options]

Ends a signing key of an agency at its last good number, as one root or more. Each holder gives the same words, his own key
and the same --out; with K signatures the revocation is valid. It is published in the directory's topic.

  --key-id KEY       the signing key; the sealing and transport keys that came with it end too
  --last-good N      last number of the agency's topic that counts; 0 when none does
  --tree-head HASH   root of the agency's tree at that number, hexadecimal
  --reason CODE      ${REVOCATION_REASONS.join(' | ')}
  --genesis-id ID    refuses another genesis than this one
  --json, --help`;

const OPTIONS = {
  genesis: { type: 'string' },
  'genesis-id': { type: 'string' },
  agency: { type: 'string' },
  'key-id': { type: 'string' },
  ...LAST_GOOD_OPTIONS,
  reason: { type: 'string' },
  'root-key': { type: 'string', multiple: true },
  out: { type: 'string' },
} as const;

type Values = ReturnType<typeof optionsOf<typeof OPTIONS>>['values'];

/** `agency -- revoke`. */
export const revokeAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values } = optionsOf(args, OPTIONS);
    const ordered = orderedBy(values);
    const out = needed('out', values.out);
    const roots = rootKeyFiles(values['root-key']);
    const genesis = await readGenesisFile(needed('genesis', values.genesis), values['genesis-id']);
    const statement: RevocationStatement = { ...ordered, genesis: genesisId(genesis) };
    const signed = await signInFile(out, { type: 'revocation', kind: REVOCATION, statement }, genesis, roots);
    const { agency, keyId, lastGoodNumber, reason } = statement;
    const lines = [
      `revokes ${keyId} of ${agency}, last good number ${lastGoodNumber}, ${reason}`,
      signaturesLine(signed),
    ];
    report(output, values.json, lines, { agency, keyId, lastGoodNumber, reason, ...signed });
    return EXIT.ok;
  },
};

function orderedBy(values: Values): Omit<RevocationStatement, 'genesis'> {
  const { reason, 'key-id': keyId } = values;
  if (!isKeyId(keyId)) throw new UsageError('--key-id takes the id of a signing key');
  if (!isCode(reason) || !(REVOCATION_REASONS as readonly string[]).includes(reason)) {
    throw new UsageError(`--reason takes one of ${REVOCATION_REASONS.join(', ')}`);
  }
  return { agency: agencyIdOption('agency', values.agency), keyId, ...lastGoodOf(values), reason };
}
