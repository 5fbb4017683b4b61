import { join } from 'node:path';
import { type RotationStatement, signRotation, type TrustedKeySet, type TrustState } from '@acogida/ledger';
import { EXIT, numberOption } from '@acogida/operations';
import { KEY_USES, keyLines, newAgencyKeys } from './agency-keys.ts';
import { AgencyRefusal } from './agency-refusal.ts';
import { type Action, agencyIdOption, hashOption, needed, optionsOf, report } from './command-options.ts';
import { keyFiles, publicFile, readSigningKey, writeNewFiles } from './key-files.ts';
import { keyIdsOf, rotateRunning } from './live-rotation.ts';
import { platformIn } from './running-platform.ts';
import { foldStatements, readGenesisFile, type RotationFile } from './statement-files.ts';

const HELP = `Usage: npm run agency -- rotate-keys --agency ID --keys DIR --genesis FILE --tree-size N --tree-head HASH --out DIR
                                   STATEMENT …   [options]
       npm run agency -- rotate-keys --agency ID --signing-key FILE [--data-dir DIR]   [options]

Makes the next keys of an agency in a new folder, and rotation.json, signed with the old key and the new ones. It goes to the
directory (\`agency -- countersign\`), then into the agency's own topic. Keep the old keys until that is done.

  --keys DIR         where signing.pem is
  --tree-size N      size of the agency's own tree
  --tree-head HASH   root of that tree, hexadecimal
  STATEMENT          admissions, rotations (FILE@NUMBER of their event) and revocations so far, oldest first
  --genesis-id ID    refuses another genesis than this one
  --json, --help

With --signing-key (what the agency's running node has as SIGNING_KEY_FILE) the next keys are made beside that file, as
signing.2.pem and so on; the directory of the running platform countersigns and the node goes over to them, without a restart.
Done again after a failure it goes on with the keys that it made.

Nothing that exists is written over.`;

const OPTIONS = {
  agency: { type: 'string' },
  keys: { type: 'string' },
  genesis: { type: 'string' },
  'genesis-id': { type: 'string' },
  'tree-size': { type: 'string' },
  'tree-head': { type: 'string' },
  out: { type: 'string' },
  'signing-key': { type: 'string' },
  'data-dir': { type: 'string' },
} as const;

/** `agency -- rotate-keys`. */
export const rotateKeysAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values, positionals } = optionsOf(args, OPTIONS, true);
    const agency = agencyIdOption('agency', values.agency);
    if (values['signing-key'] !== undefined) {
      const statement = await rotateRunning(await platformIn(values['data-dir']), agency, values['signing-key']);
      const { sequence, keys } = statement;
      const lines = [`agency ${agency}: goes over to keys ${sequence}`, ...keyLines(keys)];
      report(output, values.json, lines, { agency, sequence, keyIds: keyIdsOf(statement) });
      return EXIT.ok;
    }
    const tree = {
      treeSize: numberOption('tree-size', needed('tree-size', values['tree-size']), 0, 0, Number.MAX_SAFE_INTEGER - 1),
      treeHead: hashOption('tree-head', values['tree-head']),
    };
    const [keysDir, out] = [needed('keys', values.keys), needed('out', values.out)];
    const genesis = await readGenesisFile(needed('genesis', values.genesis), values['genesis-id']);
    const state = await foldStatements(genesis, positionals, (file) => output.err(`${file} does not hold`));
    const ending = keysInUse(state, agency);
    const old = await readSigningKey(join(keysDir, 'signing.pem'));
    if (old.x !== ending.keys.signing.x) {
      throw new AgencyRefusal('KEY_DIFFERS', 'signing.pem is not the key that the agency signs with');
    }
    const next = newAgencyKeys(agency);
    const statement: RotationStatement = {
      genesis: state.networkId,
      agency,
      sequence: ending.sequence + 1,
      previousSigningKeyId: ending.keys.signing.keyId,
      keys: next.publicKeys,
      ...tree,
    };
    const signers = { ...next.privateKeys, old: old.privateKey };
    const file: RotationFile = { type: 'rotation', signed: signRotation(statement, signers) };
    await writeNewFiles(out, [...keyFiles(next), publicFile('rotation.json', file)]);
    const ids = KEY_USES.map((use) => next.publicKeys[use].keyId);
    const lines = [
      `agency ${agency}: keys ${statement.sequence}`,
      ...keyLines(next.publicKeys),
      `written to ${out}. rotation.json goes to the directory; the .pem files stay.`,
    ];
    report(output, values.json, lines, { agency, sequence: statement.sequence, keyIds: ids });
    return EXIT.ok;
  },
};

/** The keys that a rotation would end. @throws AgencyRefusal `NO_KEY_IN_USE` */
function keysInUse(state: TrustState, agency: string): TrustedKeySet {
  const last = state
    .agencies()
    .find(({ agencyId }) => agencyId === agency)
    ?.keySets.at(-1);
  if (last !== undefined && last.throughNumber === undefined) return last;
  throw new AgencyRefusal('NO_KEY_IN_USE', 'by these statements the agency has no key to go on from');
}
