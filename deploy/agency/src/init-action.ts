import { type Admission, signAdmissionRequest } from '@acogida/ledger';
import { EXIT, numberOption } from '@acogida/operations';
import { KEY_USES, keyLines, newAgencyKeys } from './agency-keys.ts';
import {
  type Action,
  agencyIdOption,
  jurisdictionOption,
  kindOption,
  needed,
  optionsOf,
  report,
  shownNameOption,
} from './command-options.ts';
import { keyFiles, publicFile, writeNewFiles } from './key-files.ts';

/** Name of the file that goes to the roots. */
export const REQUEST_FILE = 'admission-request.json';

const HELP = `Usage: npm run agency -- init --agency ID --kind KIND --name NAME --out DIR   [options]

Makes the keys of an agency (signing.pem, sealing.pem, transport.pem) and ${REQUEST_FILE}, which holds no private key: hand it
to the roots (\`agency -- admit\`). The private keys never leave DIR.

  --kind KIND          the folder of services/ whose program the agency runs: intake
  --jurisdiction CC    its country; regional when left out
  --sequence N         1 (default), or the next one of an agency whose keys were revoked
  --from-number N      first number of its topic that the new key signs (default 1)
  --json, --help

Nothing that exists is written over.`;

const OPTIONS = {
  agency: { type: 'string' },
  kind: { type: 'string' },
  jurisdiction: { type: 'string' },
  name: { type: 'string' },
  sequence: { type: 'string' },
  'from-number': { type: 'string' },
  out: { type: 'string' },
} as const;

/** `agency -- init`. */
export const initAction: Action = {
  help: HELP,
  async run(args, { output }) {
    const { values } = optionsOf(args, OPTIONS);
    const agency = agencyIdOption('agency', values.agency);
    const described = {
      agency,
      kind: kindOption(values.kind),
      name: shownNameOption('name', values.name),
      jurisdiction: jurisdictionOption(values.jurisdiction),
      sequence: numberOption('sequence', values.sequence, 1, 1, Number.MAX_SAFE_INTEGER),
      fromNumber: numberOption('from-number', values['from-number'], 1, 1, Number.MAX_SAFE_INTEGER),
    };
    const out = needed('out', values.out);
    const keys = newAgencyKeys(agency);
    const admission: Admission = { ...described, keys: keys.publicKeys };
    const request = signAdmissionRequest(admission, keys.privateKeys);
    await writeNewFiles(out, [...keyFiles(keys), publicFile(REQUEST_FILE, request)]);
    const ids = KEY_USES.map((use) => keys.publicKeys[use].keyId);
    const lines = [
      `agency ${agency}: keys ${described.sequence} from number ${described.fromNumber}`,
      ...keyLines(keys.publicKeys),
      `written to ${out}. ${REQUEST_FILE} goes to the roots; the .pem files stay.`,
    ];
    report(output, values.json, lines, { agency, keyIds: ids, request: REQUEST_FILE });
    return EXIT.ok;
  },
};
