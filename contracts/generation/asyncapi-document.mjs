import { stringify } from 'yaml';
import { payloadFrameSchema } from '../src/payload-frame.ts';
import { directoryEnvelope, recordHeaders, sealedEnvelope, signedHead, signedStatement } from './wire-schemas.mjs';

const HEADER = '# Generated from contracts/schemas by contracts/generate.mjs. Do not edit.\n';

const CHANNEL = 'agencyTopic';
const HEAD_MESSAGE = 'AgencyHeadSigned';

const DESCRIPTION = `The shared log of Acogida: what agencies tell each other about people in their care.

**One topic per agency**, \`acogida.{agency}.v1\`, with exactly one partition. Only that agency writes to it; every agency
reads all. Records are kept for ever. An agency numbers its events 1, 2, 3 … without gap; delivery is at least once, and a
record that comes twice is byte for byte the same. Other bytes under a number that was used stop that agency at every reader.

**A record** is one CloudEvents 1.0 event in structured JSON, spelled exactly as RFC 8785 says, without a key. Beside it, as
record headers, stand the agency's signature and the proof that this event is under it. Attributes that are not listed here
are refused. A record whose header is \`head\` is no event: it says where an agency with nothing to say stands.

**In clear** stand: id, agency (\`source\`), class (\`type\`), \`subject\`, \`time\`, \`number\`, \`keyid\`, the length of the sealed data
by size class, and the headers. \`subject\` is a pseudonym of the case that means nothing outside the circle of its keys.

**Sealed** is everything else: the specific type, its version, the case id, the data, who caused it, the stream, the clock.
What a message says under \`x-inside-the-seal\` is there only for readers that hold the key. Names, dates of birth, documents
and free text about a person are in no message, sealed or not.

**Not sealed** are directory entries: agencies, their public keys, services, contact points of organisations.

Readers keep events whose type or version they do not know. Released versions never change; see README.md.`;

const nameOf = ({ type, version }) => `${type}V${version}`;
const reference = (section, name) => ({ $ref: `#/components/${section}/${name}` });

/** What stands around the data of one event version. */
function framed({ type, version, name }) {
  return {
    allOf: [
      reference('schemas', 'ContractPayload'),
      {
        type: 'object',
        properties: {
          type: { const: type },
          schemaVersion: { const: version },
          data: { $ref: `./schemas/${name}` },
        },
      },
    ],
  };
}

function messageOf(event, isCurrent) {
  const { type, version, schema } = event;
  const isDirectory = event.class === 'directory';
  const clear = { type: { const: event.class } };
  return {
    name: nameOf(event),
    title: `${type}, version ${version}`,
    summary: schema.description,
    description: [
      isDirectory ? 'Not sealed.' : `Sealed: outsiders see the class \`${event.class}\` and nothing of what it says.`,
      ...(isCurrent ? [] : ['No longer written; still on the log, and read for ever.']),
    ].join(' '),
    tags: [{ name: event.class }],
    contentType: 'application/cloudevents+json',
    headers: reference('schemas', 'RecordHeaders'),
    payload: isDirectory
      ? {
          allOf: [
            reference('schemas', 'DirectoryEnvelope'),
            { type: 'object', properties: { ...clear, data: framed(event) } },
          ],
        }
      : { allOf: [reference('schemas', 'SealedEnvelope'), { type: 'object', properties: clear }] },
    ...(isDirectory ? {} : { 'x-inside-the-seal': framed(event) }),
    'x-schema': `./schemas/${event.name}`,
  };
}

const headMessage = {
  name: HEAD_MESSAGE,
  title: 'Signed head of an agency',
  summary: 'What an agency with nothing to say says all the same: its log ends here.',
  description:
    'No event and no number: a reader that hears neither events nor heads knows that one of the two is cut off, and holds ' +
    'the agency for stale (three times the interval). Not sealed.',
  tags: [{ name: 'head' }],
  contentType: 'application/json',
  headers: {
    type: 'object',
    required: ['head'],
    properties: { head: { description: 'Only heads have it: the version of their format.', const: 'v1' } },
  },
  payload: reference('schemas', 'SignedHead'),
};

const server = {
  host: '{broker}',
  protocol: 'kafka-secure',
  description: 'The brokers of the network; addresses come from the configuration of each node (KAFKA_BROKERS).',
  variables: { broker: { description: 'host:port of a broker.' } },
  security: [reference('securitySchemes', 'agencyPrincipal')],
};

const channel = {
  address: 'acogida.{agency}.v1',
  title: 'Topic of one agency',
  description: 'Everything that one agency has published, in the order of its numbers, and its heads.',
  servers: [{ $ref: '#/servers/network' }],
  parameters: { agency: { description: 'Id of the agency that writes here.', examples: ['cr-border-intake'] } },
  bindings: {
    kafka: {
      partitions: 1,
      topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1, 'retention.bytes': -1 },
      bindingVersion: '0.5.0',
    },
  },
};

/**
 * The AsyncAPI 3 document of the shared log as YAML: one topic per agency, a message for every event version ever written.
 *
 * @param {readonly { name: string, type: string, version: number, class: string, schema: object }[]} schemas
 */
export function asyncapiDocument(schemas) {
  const isCurrent = ({ type, version }) => !schemas.some((other) => other.type === type && other.version > version);
  const messages = Object.fromEntries([
    ...schemas.map((event) => [nameOf(event), messageOf(event, isCurrent(event))]),
    [HEAD_MESSAGE, headMessage],
  ]);
  const listed = (names) => names.map((name) => ({ $ref: `#/channels/${CHANNEL}/messages/${name}` }));
  const written = [...schemas.filter(isCurrent).map(nameOf), HEAD_MESSAGE];
  const document = {
    asyncapi: '3.1.0',
    id: 'urn:acogida:shared-log',
    info: { title: 'Acogida shared log', version: '1', description: DESCRIPTION },
    defaultContentType: 'application/cloudevents+json',
    servers: { network: server },
    channels: {
      [CHANNEL]: {
        ...channel,
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, reference('messages', name)])),
      },
    },
    operations: {
      publish: {
        action: 'send',
        channel: { $ref: `#/channels/${CHANNEL}` },
        title: 'An agency publishes',
        description: 'To its own topic only: numbered, signed and stored first, then written as stored.',
        messages: listed(written),
      },
      read: {
        action: 'receive',
        channel: { $ref: `#/channels/${CHANNEL}` },
        title: 'An agency reads another',
        description: 'From the first record on; signature, path, tree head and schema are checked before any effect.',
        messages: listed(Object.keys(messages)),
      },
    },
    components: {
      messages,
      schemas: {
        SealedEnvelope: sealedEnvelope,
        DirectoryEnvelope: directoryEnvelope,
        RecordHeaders: recordHeaders,
        SignedStatement: signedStatement,
        SignedHead: signedHead,
        ContractPayload: {
          description:
            'What is sealed as RFC 8785 canonical text, around the data of the event. Readers allow unknown keys here.',
          ...payloadFrameSchema,
        },
      },
      securitySchemes: {
        agencyPrincipal: {
          type: 'scramSha512',
          description: "The agency's own principal: may write to its own topic and read all.",
        },
      },
    },
  };
  return HEADER + stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}
