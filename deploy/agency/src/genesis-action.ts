import { join } from 'node:path';
import { type Admission, genesisId, verifyAdmissionRequest } from '@acogida/ledger';
import { EXIT, numberOption, UsageError } from '@acogida/operations';
import { newAgencyKeys } from './agency-keys.ts';
import {
  type Action,
  agencyIdOption,
  jurisdictionOption,
  needed,
  optionsOf,
  report,
  shownNameOption,
} from './command-options.ts';
import { keyFiles, type NewFile, publicFile, readJson, secretFile, writeNewFiles } from './key-files.ts';
import { newNetwork } from './new-network.ts';

const HELP = `Usage: npm run agency -- genesis --network NAME --roots N --threshold K --directory ID --out DIR   [options]

Makes a network: N root keys, each in a file of its own, and the genesis that all of them sign. Any K of them admit agencies and
revoke keys. Give every root key to another person, who keeps it offline; publish genesis.json, and its id by another way.

  --directory ID            the agency whose topic brings all others; its keys are made in DIR/ID
  --directory-request FILE  instead: what \`agency -- init\` made for it, where its keys will stay
  --name NAME               the directory's name (default: its id)
  --jurisdiction CC         the directory's country; regional when left out
  --json, --help

Writes root-1.pem … and genesis.json. Nothing that exists is written over.`;

const OPTIONS = {
  network: { type: 'string' },
  roots: { type: 'string' },
  threshold: { type: 'string' },
  directory: { type: 'string' },
  'directory-request': { type: 'string' },
  name: { type: 'string' },
  jurisdiction: { type: 'string' },
  out: { type: 'string' },
} as const;

type Values = ReturnType<typeof optionsOf<typeof OPTIONS>>['values'];

const MOST_ROOTS = 9;

/** `agency -- genesis`. */
export const genesisAction: Action = {
  help: HELP,
  async run(args, { output, now }) {
    const { values } = optionsOf(args, OPTIONS);
    const network = shownNameOption('network', values.network);
    const roots = numberOption('roots', needed('roots', values.roots), 1, 1, MOST_ROOTS);
    const threshold = numberOption('threshold', needed('threshold', values.threshold), 1, 1, roots);
    const out = needed('out', values.out);
    const { directory, files } = await directoryOf(values);
    const { genesis, rootKeys } = newNetwork({ network, roots, threshold, directory, createdAt: now });
    await writeNewFiles(out, [
      ...[...rootKeys].map(([rootKeyId, key]) => secretFile(`${rootKeyId}.pem`, key)),
      ...files,
      publicFile('genesis.json', genesis),
    ]);
    const id = genesisId(genesis);
    const lines = [
      `network ${network}, genesis ${id}`,
      `${roots} root keys, of which ${threshold} must agree: ${[...rootKeys.keys()].map((root) => `${root}.pem`).join(', ')}`,
      `directory ${directory.agency}`,
      `written to ${out}. Give each root key to another person; nodes pin the genesis by its id.`,
    ];
    report(output, values.json, lines, { genesis: id, network, roots, threshold, directory: directory.agency });
    return EXIT.ok;
  },
};

async function directoryOf(values: Values): Promise<{ readonly directory: Admission; readonly files: NewFile[] }> {
  const file = values['directory-request'];
  if (file !== undefined) {
    if (values.directory !== undefined) throw new UsageError('name --directory or --directory-request, not both');
    if (values.name !== undefined || values.jurisdiction !== undefined) {
      throw new UsageError('name and jurisdiction stand in the request: leave --name and --jurisdiction out');
    }
    return { directory: verifyAdmissionRequest(await readJson(file)), files: [] };
  }
  const agency = agencyIdOption('directory', values.directory);
  const keys = newAgencyKeys(agency);
  return {
    directory: {
      sequence: 1,
      agency,
      kind: 'directory',
      name: shownNameOption('name', values.name ?? agency),
      jurisdiction: jurisdictionOption(values.jurisdiction),
      keys: keys.publicKeys,
      fromNumber: 1,
    },
    files: keyFiles(keys).map((one) => ({ ...one, name: join(agency, one.name) })),
  };
}
