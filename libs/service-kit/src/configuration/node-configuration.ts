import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AdmissionStatement, Genesis, RootSigned } from '@acogida/ledger';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { AuditMandate } from '../case-keys/audiences.ts';
import type { TokenIssuer } from '../auth/token-verifier.ts';
import type { ServiceKind } from '../node-definition.ts';
import type { MetricsAddress } from '../observability/metrics-server.ts';
import { type ChannelLimits, channelLimitsOf } from './channel-limits.ts';
import { NodeEnvironment } from './environment.ts';
import { type PublicPlace, publicPlaceOf } from './public-place.ts';
import type { NodeAgency } from './agency.ts';
import { type KmsConfiguration, kmsOf } from './kms.ts';
import {
  admittedAgency,
  parseAdmissions,
  parseGenesis,
  type PrivateKeys,
  privateKeysBeside,
  keyFileBeside,
  type SigningKeys,
  TrustFileError,
} from './trust-files.ts';

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

/** What a node seals its events with (architecture.md §5). */
export type KeysConfiguration =
  /** Keys that all come from one secret of the network: not for real cases. */
  | { readonly mode: 'development' }
  /** Random keys for each case, handed out by consent. */
  | {
      readonly mode: 'cases';
      /** X25519: what one agency alone is to read. */
      readonly sealingKeys: PrivateKeys;
      /** What this agency has on record of the mandates of auditors. */
      readonly auditMandates: ReadonlyMap<string, AuditMandate>;
    };

/** A node's validated configuration. Holds secrets: it is never logged. */
export interface NodeConfiguration extends PublicPlace, ChannelLimits {
  readonly agencyId: string;
  /** Who this agency is, as it was admitted. */
  readonly agency: NodeAgency;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly databaseUrl: string;
  /** At most; half as many again for read models. 10 where it is left out. */
  readonly databasePoolSize?: number;
  readonly log: LogConfiguration;
  /** Where trust begins (architecture.md §5). */
  readonly genesis: Genesis;
  /** Admissions that count beside it; all others are learnt from the directory's topic. */
  readonly admissions: readonly RootSigned<AdmissionStatement>[];
  readonly signingKeys: SigningKeys;
  /** Ed25519: what the agency says to others beside the log. Empty: it cannot ask, nor answer. */
  readonly transportKeys: PrivateKeys;
  readonly keys: KeysConfiguration;
  /** 32 bytes of development sealing: in mode `cases` it opens what was sealed before, and seals nothing. */
  readonly sealingKey: Buffer;
  /** Of this node alone. */
  readonly kms: KmsConfiguration;
  readonly oidc: TokenIssuer;
  readonly logLevel: string;
  /** After how many milliseconds without anything to say an agency signs its head: the same for the whole network. */
  readonly heartbeatIntervalMs: number;
  /** How long a clearance of this agency stands, in milliseconds; a minute where left out. */
  readonly leaseMs?: number;
  /** For how long the gate waits for an authority's answer, in milliseconds; 10 s where left out. */
  readonly clearanceDeadlineMs?: number;
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
    } catch (error) {
      const why = error instanceof TrustFileError ? error.message : `the file does not hold ${what}`;
      this.errors.push(`${variable}: ${why}`);
      return undefined;
    }
  }

  /** Null, and a line, when a file's content is refused. */
  attempt<T>(variable: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof TrustFileError)) throw error;
      this.errors.push(`${variable}: ${error.message}`);
      return null;
    }
  }
}

function checkKey(kind: 'ed25519' | 'x25519'): (content: Buffer) => true {
  return (content) => {
    if (createPrivateKey(content).asymmetricKeyType !== kind) throw new Error('another kind of key');
    return true;
  };
}

function parseSealingKey(content: Buffer): Buffer {
  const key = Buffer.from(content.toString('utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error('another length');
  return key;
}

/** What a node starts to trust with. */
interface Beginning {
  readonly genesis: Genesis;
  readonly admissions: readonly RootSigned<AdmissionStatement>[];
}

function readBeginning(files: ConfigurationFiles, environment: NodeEnvironment): Beginning | undefined {
  const { GENESIS_FILE, GENESIS_ID, ADMISSIONS_FILE } = environment;
  const text = (content: Buffer): string => content.toString('utf8');
  const genesis = files.read('GENESIS_FILE', GENESIS_FILE, 'a genesis', (content) =>
    parseGenesis(text(content), GENESIS_ID),
  );
  const admissions =
    ADMISSIONS_FILE === undefined
      ? []
      : files.read('ADMISSIONS_FILE', ADMISSIONS_FILE, 'admissions', (content) => parseAdmissions(text(content)));
  return genesis && admissions && { genesis, admissions };
}

function agencyOf(
  files: ConfigurationFiles,
  { genesis, admissions }: Beginning,
  agencyId: string,
  kind: ServiceKind,
): NodeAgency | undefined {
  const agency = files.attempt('ADMISSIONS_FILE', () => admittedAgency(agencyId, genesis, admissions));
  if (agency === undefined) files.errors.push('AGENCY_ID: neither genesis nor admissions know such an agency');
  else if (agency !== null && agency.kind !== kind) {
    files.errors.push(`AGENCY_ID: it was admitted as ${agency.kind}, this service is ${kind}`);
  }
  return agency ?? undefined;
}

/** Undefined, and a line, for a file that holds no such key. */
function keysOf(
  files: ConfigurationFiles,
  { KEYS_MODE: mode, SIGNING_KEY_FILE, AGENCY_SEALING_KEY_FILE, AUDIT_MANDATES: mandates = [] }: NodeEnvironment,
): KeysConfiguration | undefined {
  if (mode !== 'cases') return { mode: 'development' };
  const file = AGENCY_SEALING_KEY_FILE ?? keyFileBeside(SIGNING_KEY_FILE, 'sealing');
  if (file === undefined) return undefined;
  const isThere = files.read('AGENCY_SEALING_KEY_FILE', file, 'an X25519 private key as PKCS8 PEM', checkKey('x25519'));
  const auditMandates = new Map(mandates.map((one) => one.split(':') as [string, AuditMandate]));
  return isThere && { mode, sealingKeys: privateKeysBeside(file, 'x25519'), auditMandates };
}

/** Undefined, and a line, for a file that is named and holds no such key; one that is only beside need not be there. */
function transportKeysOf(
  files: ConfigurationFiles,
  { TRANSPORT_KEY_FILE: named, SIGNING_KEY_FILE }: NodeEnvironment,
): PrivateKeys | undefined {
  const isThere = (file: string) =>
    files.read('TRANSPORT_KEY_FILE', file, 'an Ed25519 private key as PKCS8 PEM', checkKey('ed25519'));
  if (named !== undefined && isThere(named) === undefined) return undefined;
  const file = named ?? keyFileBeside(SIGNING_KEY_FILE, 'transport');
  return file === undefined ? undefined : privateKeysBeside(file, 'ed25519');
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
  const hasGenesis = !invalid.has('GENESIS_FILE') && !invalid.has('GENESIS_ID') && !invalid.has('ADMISSIONS_FILE');
  const beginning = hasGenesis ? readBeginning(files, environment) : undefined;
  const hasSigningKey =
    !invalid.has('SIGNING_KEY_FILE') &&
    files.read(
      'SIGNING_KEY_FILE',
      environment.SIGNING_KEY_FILE,
      'an Ed25519 private key as PKCS8 PEM',
      checkKey('ed25519'),
    );
  const sealingKey = invalid.has('SEALING_KEY_FILE')
    ? undefined
    : files.read('SEALING_KEY_FILE', environment.SEALING_KEY_FILE, '32 bytes as base64', parseSealingKey);
  const keys = keysOf(files, environment);
  const transportKeys = transportKeysOf(files, environment);
  const agency =
    beginning && !invalid.has('AGENCY_ID') ? agencyOf(files, beginning, environment.AGENCY_ID, kind) : undefined;
  if (files.errors.length > 0 || !beginning || !agency || !hasSigningKey || !sealingKey || !keys || !transportKeys) {
    throw new ConfigurationError(files.errors);
  }
  return {
    agencyId: environment.AGENCY_ID,
    agency,
    ...{ host: environment.HOST, port: environment.PORT },
    ...{ databaseUrl: environment.DATABASE_URL, databasePoolSize: environment.DATABASE_POOL_SIZE },
    log: logOf(environment),
    ...beginning,
    signingKeys: privateKeysBeside(environment.SIGNING_KEY_FILE, 'ed25519'),
    transportKeys,
    keys,
    sealingKey,
    kms: kmsOf(environment),
    oidc: {
      ...{ issuer: environment.OIDC_ISSUER, audience: environment.OIDC_AUDIENCE },
      ...(environment.OIDC_JWKS_URI === undefined ? {} : { jwksUri: environment.OIDC_JWKS_URI }),
    },
    logLevel: environment.LOG_LEVEL,
    heartbeatIntervalMs: environment.HEARTBEAT_INTERVAL_MS,
    leaseMs: environment.CLEARANCE_LEASE_MS,
    clearanceDeadlineMs: environment.CLEARANCE_DEADLINE_MS,
    ...channelLimitsOf(environment),
    idempotencyRetentionDays: environment.IDEMPOTENCY_RETENTION_DAYS,
    ...publicPlaceOf(environment),
    ...observabilityOf(environment),
  };
}
