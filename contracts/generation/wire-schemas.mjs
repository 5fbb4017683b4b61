import { CONTRACT_CLASSES } from '../src/contract-event.ts';

// What libs/event-log and libs/ledger write and accept; test/contracts/asyncapi.spec.ts holds these against them.

const UUID = { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' };
const AGENCY = { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' };
const INSTANT = {
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
};
const TOKEN = { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' };
const HASH = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const NAME = { type: 'string', minLength: 1, maxLength: 200 };
const SIGNATURE = { description: 'Ed25519, base64url.', type: 'string', pattern: '^[A-Za-z0-9_-]{86}$' };

const common = {
  specversion: { const: '1.0' },
  id: { description: 'Random id of the event.', ...UUID },
  source: { description: 'Agency that published.', ...AGENCY },
  time: { description: 'When the agency recorded it, UTC with milliseconds.', ...INSTANT },
  number: { description: "The agency's number of this event.", type: 'integer', minimum: 1, maximum: 2_147_483_647 },
};

function closed(description, properties) {
  return { description, type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

/** An event about a case as it stands on the log. */
export const sealedEnvelope = closed('A sealed event: CloudEvents 1.0, structured JSON, RFC 8785 spelling.', {
  ...common,
  type: {
    description: 'Class of the event: all that an outsider learns of its kind.',
    enum: CONTRACT_CLASSES.filter((name) => name !== 'directory'),
  },
  datacontenttype: { const: 'application/octet-stream' },
  subject: { description: 'Pseudonym of the case for this agency and epoch.', ...TOKEN },
  keyid: { description: 'Key that opens it, with a commitment to that key.', ...TOKEN },
  data_base64: {
    description:
      'Nonce (12 bytes), AES-256-GCM ciphertext of the padded payload, tag (16 bytes). Associated data are id, source, ' +
      'class, subject and key id.',
    type: 'string',
    contentEncoding: 'base64',
    pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
    minLength: 1,
  },
});

/** A directory entry as it stands on the log. */
export const directoryEnvelope = closed('A directory entry, not sealed: CloudEvents 1.0, structured JSON.', {
  ...common,
  type: { const: 'directory' },
  datacontenttype: { const: 'application/json' },
  data: { type: 'object' },
});

/** What stands beside every event. */
export const recordHeaders = {
  type: 'object',
  required: ['statement', 'path'],
  properties: {
    statement: {
      description: 'Canonical JSON of a SignedStatement: the same text for every event of the batch.',
      type: 'string',
      contentMediaType: 'application/json',
      contentSchema: { $ref: '#/components/schemas/SignedStatement' },
    },
    path: {
      description:
        'Inclusion path of the event under the batch root (RFC 6962): SHA-256 hashes from leaf to root, base64url. The ' +
        'leaf is SHA-256(0x00 ‖ exact bytes of the record). Empty in a batch of one.',
      type: 'string',
      pattern: '^[A-Za-z0-9_-]*$',
    },
  },
};

/** One signature for a batch of events, and the checkpoint of the agency's log. */
export const signedStatement = closed('A batch statement with its signature.', {
  signature: SIGNATURE,
  statement: closed('What is signed, after the line `acogida.batch-statement.v1`, as RFC 8785 canonical JSON.', {
    agency: NAME,
    incarnation: { description: "1 for the first life of the agency's store.", type: 'integer', minimum: 1 },
    first: { description: 'Number of the first event of the batch.', type: 'integer', minimum: 1 },
    last: { description: 'Number of its last event.', type: 'integer', minimum: 0 },
    batchRoot: { description: 'Merkle root of the batch.', ...HASH },
    treeSize: { description: 'Events of the agency up to here.', type: 'integer', minimum: 0 },
    treeHead: { description: 'Merkle root of all of them.', ...HASH },
    keyId: { description: "Which of the agency's keys signed.", ...NAME },
  }),
});

/** Where an agency with nothing to say stands. */
export const signedHead = closed('A head statement with its signature.', {
  signature: SIGNATURE,
  statement: closed('What is signed, after the line `acogida.head-statement.v1`, as RFC 8785 canonical JSON.', {
    agency: NAME,
    incarnation: { description: "1 for the first life of the agency's store.", type: 'integer', minimum: 1 },
    number: { description: 'Last number before this head; 0 when there is none.', type: 'integer', minimum: 0 },
    treeSize: { description: 'Equal to the number.', type: 'integer', minimum: 0 },
    treeHead: { description: "Merkle root of the agency's log.", ...HASH },
    keyId: { description: "Which of the agency's keys signed.", ...NAME },
    signedAt: { description: "By the agency's clock.", ...INSTANT },
    sequence: { description: '1, 2, 3 … of heads, across incarnations.', type: 'integer', minimum: 1 },
  }),
});
