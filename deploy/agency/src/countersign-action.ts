import { basename } from 'node:path';
import { countersignRotation, type TrustState } from '@acogida/ledger';
import { EXIT } from '@acogida/operations';
import { keyLines } from './agency-keys.ts';
import { AgencyRefusal } from './agency-refusal.ts';
import { type Action, needed, optionsOf, report } from './command-options.ts';
import { readSigningKey, writePublic } from './key-files.ts';
import {
  firstNumberOf,
  foldStatements,
  readGenesisFile,
  readStatementFile,
  type RotationFile,
} from './statement-files.ts';

const HELP = `Usage: npm run agency -- countersign --rotation FILE --directory-key FILE --genesis FILE STATEMENT …   [options]

Adds the directory's signature to an agency's rotation, after it was checked against the statements so far. The file then
goes back to the agency.

  --directory-key FILE  the directory's signing.pem
  STATEMENT             admissions, rotations (FILE@NUMBER of their event) and revocations so far, oldest first
  --genesis-id ID       refuses another genesis than this one
  --json, --help

Ask the agency by another way whether the keys that are printed are its own: a thief of its key can make a rotation too.`;

const OPTIONS = {
  rotation: { type: 'string' },
  'directory-key': { type: 'string' },
  genesis: { type: 'string' },
  'genesis-id': { type: 'string' },
} as const;

/** `agency -- countersign`. */
export const countersignAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values, positionals } = optionsOf(args, OPTIONS, true);
    const file = needed('rotation', values.rotation);
    const keyFile = needed('directory-key', values['directory-key']);
    const genesis = await readGenesisFile(needed('genesis', values.genesis), values['genesis-id']);
    const state = await foldStatements(genesis, positionals, (one) => output.err(`${one} does not hold`));
    const there = await readStatementFile(file);
    if (there.type !== 'rotation') throw new AgencyRefusal('FILE_MALFORMED', `${basename(file)} holds no rotation`);
    const { privateKey, x } = await readSigningKey(keyFile);
    const signed = countersignRotation(there.signed, { keyId: directoryKeyId(state, x), privateKey });
    const { statement } = signed;
    state.copy().apply({ type: 'rotation', at: firstNumberOf(state, statement), signed });
    await writePublic(file, { type: 'rotation', signed } satisfies RotationFile);
    const { agency, sequence, keys } = statement;
    const lines = [`countersigned: ${agency} goes over to keys ${sequence}`, ...keyLines(keys)];
    report(output, values.json, lines, { agency, sequence, keyId: keys.signing.keyId, keys });
    return EXIT.ok;
  },
};

/** @throws AgencyRefusal `KEY_DIFFERS` */
function directoryKeyId(state: TrustState, x: string): string {
  const directory = state.agencies().find(({ agencyId }) => agencyId === state.directoryId);
  const inUse = directory?.keySets.find(({ throughNumber }) => throughNumber === undefined);
  if (inUse?.keys.signing.x === x) return inUse.keys.signing.keyId;
  throw new AgencyRefusal('KEY_DIFFERS', 'this is not the key that the directory signs with');
}
