import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { TokenIssuer } from '../auth/token-verifier.ts';
import type { ServiceKind } from '../node-definition.ts';
import type { MetricsAddress } from '../observability/metrics-server.ts';
import { NodeEnvironment } from './environment.ts';
import { Network, type NetworkAgency, networkKeyErrors } from './network.ts';

/** Where the shared log is. */
export type LogConfiguration =
  | { readonly driver: 'embedded'; readonly databaseUrl: string }
  | { readonly driver: 'kafka'; readonly brokers: readonly string[] };

/** Where traces go. */
export interface TracingConfiguration {
  /** Base URL of a collector that takes OTLP/HTTP. */
  readonly endpoint: string;
  /** Share of traces that is kept, 0 to 1. */
  readonly sampleRatio: number;
  /** `acogida-<kind>` when left out. */
  readonly serviceName?: string;
}

/** A node's validated configuration. Holds secrets: it is never logged. */
export interface NodeConfiguration {
  readonly agencyId: string;
  /** This agency's entry in the network file. */
  readonly agency: NetworkAgency;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly log: LogConfiguration;
  readonly network: Network;
  /** Ed25519. */
  readonly signingKey: KeyObject;
  /** The key id under which the network file lists the public half of `signingKey`. */
  readonly signingKeyId: string;
  /** 32 bytes of development sealing. */
  readonly sealingKey: Buffer;
  readonly oidc: TokenIssuer;
  readonly logLevel: string;
  /** After how many milliseconds without anything to say an agency signs its head: the same for the whole network. */
  readonly heartbeatIntervalMs: number;
  /** For how many days a reply is kept under its idempotency key; left out: for ever. */
  readonly idempotencyRetentionDays?: number;
  /** Where metrics are served; left out: nowhere. */
  readonly metrics?: MetricsAddress;
  /** Left out: nothing is traced. */
  readonly tracing?: TracingConfiguration;
}

/** The configuration does not hold; `message` lists everything that is wrong at once, and no value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly errors: readonly string[];

  constructor(errors: readonly string[]) {
    super(`the node cannot start:\n${errors.map((error) => `- ${error}`).join('\n')}`);
    this.errors = errors;
  }
}

function messagesOf(errors: readonly ValidationError[], place: string): string[] {
  return errors.flatMap((error) => {
    const here = /^\d+$/.test(error.property) ? `${place}[${error.property}]` : `${place}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => `${here.slice(1)}: ${message}`);
    return [...own, ...messagesOf(error.children ?? [], here)];
  });
}

function validated<T extends object>(type: new () => T, plain: unknown): { value: T; errors: ValidationError[] } {
  const value = plainToInstance(type, plain, { exposeDefaultValues: true });
  return {
    value,
    errors: validateSync(value, { stopAtFirstError: true, validationError: { target: false, value: false } }),
  };
}

/** Reads the environment's files one by one; every failure becomes a line, none ends the reading. */
class ConfigurationFiles {
  readonly errors: string[] = [];

  read<T>(variable: string, path: string, what: string, parse: (content: Buffer) => T): T | undefined {
    let content: Buffer;
    try {
      content = readFileSync(path);
    } catch {
      this.errors.push(`${variable}: the file cannot be read`);
      return undefined;
    }
    try {
      return parse(content);
    } catch {
      this.errors.push(`${variable}: the file does not hold ${what}`);
      return undefined;
    }
  }
}

function parseSigningKey(content: Buffer): KeyObject {
  const key = createPrivateKey(content);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('another kind of key');
  return key;
}

function parseSealingKey(content: Buffer): Buffer {
  const key = Buffer.from(content.toString('utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error('another length');
  return key;
}

/** The key id that the agency's entry gives to the public half of the signing key, or undefined. */
export function signingKeyIdOf(agency: NetworkAgency, signingKey: KeyObject): string | undefined {
  const { x } = createPublicKey(signingKey).export({ format: 'jwk' });
  return agency.signingKeys.find((key) => key.publicKeyJwk.x === x)?.keyId;
}

function readNetwork(files: ConfigurationFiles, path: string): Network | undefined {
  const plain = files.read('NETWORK_FILE', path, 'JSON', (content): unknown => JSON.parse(content.toString('utf8')));
  if (plain === undefined) return undefined;
  const { value, errors } = validated(Network, plain);
  const found =
    errors.length > 0 ? messagesOf(errors, '').map((line) => `NETWORK_FILE: ${line}`) : networkKeyErrors(value);
  files.errors.push(...found);
  return found.length > 0 ? undefined : value;
}

function agencyErrors(agency: NetworkAgency | undefined, kind: ServiceKind): string[] {
  if (agency === undefined) return ['AGENCY_ID: the network file lists no such agency'];
  return agency.kind === kind
    ? []
    : [`AGENCY_ID: the network file lists it as ${agency.kind}, this service is ${kind}`];
}

function logOf(environment: NodeEnvironment): LogConfiguration {
  return environment.LOG_DRIVER === 'kafka'
    ? { driver: 'kafka', brokers: environment.KAFKA_BROKERS ?? [] }
    : { driver: 'embedded', databaseUrl: environment.LOG_DATABASE_URL ?? '' };
}

function observabilityOf(environment: NodeEnvironment): Pick<NodeConfiguration, 'metrics' | 'tracing'> {
  const {
    METRICS_PORT: port,
    METRICS_HOST: host,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_SAMPLER_ARG: sampleRatio,
    OTEL_SERVICE_NAME: serviceName,
  } = environment;
  return {
    ...(port === undefined ? {} : { metrics: { host, port } }),
    ...(endpoint === undefined
      ? {}
      : { tracing: { endpoint, sampleRatio, ...(serviceName === undefined ? {} : { serviceName }) } }),
  };
}

/**
 * Validates the environment of a node and the files that it names.
 *
 * @throws ConfigurationError with everything that is wrong
 */
export function readConfiguration(
  variables: Readonly<Record<string, string | undefined>>,
  kind: ServiceKind,
): NodeConfiguration {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { value: environment, errors } = validated(NodeEnvironment, given);
  const invalid = new Set(errors.map((error) => error.property));
  const files = new ConfigurationFiles();
  files.errors.push(...errors.flatMap((error) => Object.values(error.constraints ?? {})));
  const network = invalid.has('NETWORK_FILE') ? undefined : readNetwork(files, environment.NETWORK_FILE);
  const signingKey = invalid.has('SIGNING_KEY_FILE')
    ? undefined
    : files.read(
        'SIGNING_KEY_FILE',
        environment.SIGNING_KEY_FILE,
        'an Ed25519 private key as PKCS8 PEM',
        parseSigningKey,
      );
  const sealingKey = invalid.has('SEALING_KEY_FILE')
    ? undefined
    : files.read('SEALING_KEY_FILE', environment.SEALING_KEY_FILE, '32 bytes as base64', parseSealingKey);
  const agency = network?.agencies.find((candidate) => candidate.agencyId === environment.AGENCY_ID);
  if (network !== undefined && !invalid.has('AGENCY_ID')) files.errors.push(...agencyErrors(agency, kind));
  const signingKeyId = agency && signingKey && signingKeyIdOf(agency, signingKey);
  if (agency && signingKey && signingKeyId === undefined) {
    files.errors.push('SIGNING_KEY_FILE: the network file does not list the public half of this key for the agency');
  }
  if (files.errors.length > 0 || !network || !agency || !signingKey || !sealingKey || !signingKeyId) {
    throw new ConfigurationError(files.errors);
  }
  return {
    agencyId: environment.AGENCY_ID,
    agency,
    host: environment.HOST,
    port: environment.PORT,
    databaseUrl: environment.DATABASE_URL,
    log: logOf(environment),
    network,
    signingKey,
    signingKeyId,
    sealingKey,
    oidc: {
      issuer: environment.OIDC_ISSUER,
      audience: environment.OIDC_AUDIENCE,
      ...(environment.OIDC_JWKS_URI === undefined ? {} : { jwksUri: environment.OIDC_JWKS_URI }),
    },
    logLevel: environment.LOG_LEVEL,
    heartbeatIntervalMs: environment.HEARTBEAT_INTERVAL_MS,
    idempotencyRetentionDays: environment.IDEMPOTENCY_RETENTION_DAYS,
    ...observabilityOf(environment),
  };
}
