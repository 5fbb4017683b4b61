import { type TrustedAgency } from '@acogida/ledger';
import { EXIT, table } from '@acogida/operations';
import { refusalOf } from './agency-refusal.ts';
import { type Action, needed, optionsOf, report } from './command-options.ts';
import { foldStatements, readGenesisFile } from './statement-files.ts';

const HELP = `Usage: npm run agency -- verify --genesis FILE [STATEMENT …]   [options]

Checks the genesis, takes the statements in as a node does, in the order given, and prints the agencies, their keys and the
numbers that each key counts for.

  STATEMENT          file of an admission, rotation, revocation or succession. A rotation counts from the number of the event
                     that carried it: FILE@NUMBER. Without one it is taken at the first number that it can have.
  --genesis-id ID    refuses another genesis than this one
  --json, --help

Exit code 1 and the code of the refusal when something does not hold.`;

const OPTIONS = { genesis: { type: 'string' }, 'genesis-id': { type: 'string' } } as const;

/** `agency -- verify`. */
export const verifyAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values, positionals } = optionsOf(args, OPTIONS, true);
    const genesisFile = needed('genesis', values.genesis);
    let file = genesisFile;
    try {
      const genesis = await readGenesisFile(genesisFile, values['genesis-id']);
      const state = await foldStatements(genesis, positionals, (refused) => (file = refused));
      const { network, threshold, rootKeys } = genesis.statement;
      const agencies = state.agencies();
      const lines = [
        `network ${network}, genesis ${state.networkId}, ${threshold} of ${rootKeys.length} roots`,
        table(['agency', 'kind', 'country', 'keys', 'signing key', 'from', 'through'], agencies.flatMap(rowsOf)),
      ];
      report(output, values.json, lines, { genesis: state.networkId, network, agencies });
      return EXIT.ok;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      output.err(`${file}: ${refusal.code}: ${refusal.message}`);
      if (values.json === true) output.out(JSON.stringify({ file, code: refusal.code }));
      return EXIT.findings;
    }
  },
};

function rowsOf({ agencyId, kind, jurisdiction, keySets, successor }: TrustedAgency): (string | number)[][] {
  const who = [agencyId, kind, jurisdiction ?? '-'];
  const after = successor === null ? [] : [[...who, '-', `succeeded by ${successor}`, '-', '-']];
  if (keySets.length === 0) return [[...who, '-', 'none that counts', '-', '-'], ...after];
  return [
    ...keySets.map(({ sequence, keys, fromNumber, throughNumber }) => [
      ...who,
      String(sequence),
      keys.signing.keyId,
      String(fromNumber),
      throughNumber === undefined ? '-' : String(throughNumber),
    ]),
    ...after,
  ];
}
