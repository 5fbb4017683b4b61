import { dirname, join } from 'node:path';
import { ADMISSION, type AdmissionStatement, genesisId, verifyAdmissionRequest } from '@acogida/ledger';
import { EXIT } from '@acogida/operations';
import { keyLines } from './agency-keys.ts';
import { type Action, needed, optionsOf, report, rootKeyFiles } from './command-options.ts';
import { readJson } from './key-files.ts';
import { readGenesisFile, type Signatures, signInFile } from './statement-files.ts';

const HELP = `Usage: npm run agency -- admit --request FILE --genesis FILE --root-key FILE [--root-key FILE …]   [options]

Signs an agency's admission as one root or more. Each holder runs it with his own key and the same --out; with K signatures
the admission is valid. It is published in the directory's topic.

  --request FILE     what \`agency -- init\` made
  --out FILE         the admission, made or signed further (default: admission.json beside the request)
  --genesis-id ID    refuses another genesis than this one
  --json, --help

Compare what is printed with what the agency says by another way, before you hand the file on: a root vouches for it. Compare
the keys themselves, the 43 characters at the end of each line: anybody can give a key the name of another.`;

const OPTIONS = {
  request: { type: 'string' },
  genesis: { type: 'string' },
  'genesis-id': { type: 'string' },
  'root-key': { type: 'string', multiple: true },
  out: { type: 'string' },
} as const;

/** `agency -- admit`. */
export const admitAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values } = optionsOf(args, OPTIONS);
    const request = needed('request', values.request);
    const roots = rootKeyFiles(values['root-key']);
    const genesis = await readGenesisFile(needed('genesis', values.genesis), values['genesis-id']);
    const admission = verifyAdmissionRequest(await readJson(request));
    const statement: AdmissionStatement = { ...admission, genesis: genesisId(genesis) };
    const out = values.out ?? join(dirname(request), 'admission.json');
    const signed = await signInFile(out, { type: 'admission', kind: ADMISSION, statement }, genesis, roots);
    const { agency, kind, name, jurisdiction, sequence, fromNumber, keys } = statement;
    const lines = [
      `admits ${agency}, "${name}", ${kind}, ${jurisdiction ?? 'regional'}, keys ${sequence} from number ${fromNumber}`,
      ...keyLines(keys),
      signaturesLine(signed),
    ];
    report(output, values.json, lines, { agency, sequence, fromNumber, keys, ...signed });
    return EXIT.ok;
  },
};

/** How far a statement is. */
export function signaturesLine({ signatures, threshold, valid }: Signatures): string {
  return `${signatures} of ${threshold} signatures: ${valid ? 'valid' : 'not valid yet'}`;
}
