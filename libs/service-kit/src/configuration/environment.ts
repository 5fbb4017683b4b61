import { DEFAULT_LEASE_TERMS, LONGEST_LEASE_MS } from '@acogida/safeguards';
import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { isChannelHost } from '../agency-channel/channel-hosts.ts';
import { AGENCY_ID_FORMAT } from './agency.ts';
import { KMS_FORMAT } from './kms.ts';

/** Levels of LOG_LEVEL, from quiet to loud. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Values of KEYS_MODE. */
export const KEYS_MODES = ['development', 'cases'] as const;

/** One of `KEYS_MODES`. */
export type KeysMode = (typeof KEYS_MODES)[number];

/** KEYS_MODE where the environment says nothing. */
export const DEFAULT_KEYS_MODE: KeysMode = 'cases';

const POSTGRES_URL = /^postgres(ql)?:\/\/\S+$/;
const BROKER = /^[A-Za-z0-9.-]+:\d{1,5}$/;
const MANDATE = /^[a-z][a-z0-9-]{1,39}:(CODED|RESTRICTED)$/;
const SERVICE_NAME = /^[A-Za-z0-9._-]{1,100}$/;
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

const asNumber = ({ value }: { value: unknown }): unknown =>
  value === undefined || value === '' ? undefined : Number(value);

const asList = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;

/** The environment variables of a node as they are written. Messages name the rule, never the value. */
export class NodeEnvironment {
  @Matches(AGENCY_ID_FORMAT, { message: 'AGENCY_ID must be an agency id' })
  AGENCY_ID!: string;

  @Transform(asNumber)
  @IsInt({ message: 'PORT must be a port number' })
  @Min(0, { message: 'PORT must be a port number' })
  @Max(65_535, { message: 'PORT must be a port number' })
  PORT!: number;

  @MinLength(1, { message: 'HOST must not be empty' })
  HOST: string = '127.0.0.1';

  @Matches(POSTGRES_URL, { message: 'DATABASE_URL must be a postgres:// URL' })
  DATABASE_URL!: string;

  @IsIn(['embedded', 'kafka'], { message: 'LOG_DRIVER must be embedded or kafka' })
  LOG_DRIVER!: 'embedded' | 'kafka';

  @ValidateIf((environment: NodeEnvironment) => environment.LOG_DRIVER === 'embedded')
  @Matches(POSTGRES_URL, { message: 'LOG_DATABASE_URL must be a postgres:// URL when LOG_DRIVER is embedded' })
  LOG_DATABASE_URL?: string;

  @ValidateIf((environment: NodeEnvironment) => environment.LOG_DRIVER === 'kafka')
  @Transform(asList)
  @IsArray({ message: 'KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka' })
  @ArrayMinSize(1, { message: 'KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka' })
  @Matches(BROKER, { each: true, message: 'KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka' })
  KAFKA_BROKERS?: string[];

  /** Where trust begins: the root keys of the network, and its directory. */
  @MinLength(1, { message: 'GENESIS_FILE must name a file' })
  GENESIS_FILE!: string;

  /** The genesis that is meant, whatever stands in the file. */
  @Matches(/^[0-9a-f]{64}$/, { message: 'GENESIS_ID must be the id of the genesis: 64 hexadecimal digits' })
  GENESIS_ID!: string;

  /** Admissions that the roots signed: this agency's own, and any that it is to hear before the directory tells of them. */
  @IsOptional()
  @MinLength(1, { message: 'ADMISSIONS_FILE must name a file' })
  ADMISSIONS_FILE?: string;

  @MinLength(1, { message: 'SIGNING_KEY_FILE must name a file' })
  SIGNING_KEY_FILE!: string;

  /** The private half of the transport key that the agency was admitted with; left out: `transport.pem` beside `signing.pem`. */
  @IsOptional()
  @MinLength(1, { message: 'TRANSPORT_KEY_FILE must name a file' })
  TRANSPORT_KEY_FILE?: string;

  @MinLength(1, { message: 'SEALING_KEY_FILE must name a file' })
  SEALING_KEY_FILE!: string;

  /** What seals the agency's events: random keys for each case, or keys that come from `SEALING_KEY_FILE`. */
  @IsIn([...KEYS_MODES], { message: `KEYS_MODE must be ${KEYS_MODES.join(' or ')}` })
  KEYS_MODE: KeysMode = DEFAULT_KEYS_MODE;

  /** The private half of the sealing key that the agency was admitted with; left out: `sealing.pem` beside `signing.pem`. */
  @IsOptional()
  @MinLength(1, { message: 'AGENCY_SEALING_KEY_FILE must name a file' })
  AGENCY_SEALING_KEY_FILE?: string;

  /** Mandates of auditors on record: `RESTRICTED` reads asylum and trafficking too, `CODED` lets a regional one read at all. */
  @IsOptional()
  @Transform(asList)
  @Matches(MANDATE, {
    each: true,
    message: 'AUDIT_MANDATES must be a comma list of <agency>:CODED or <agency>:RESTRICTED',
  })
  AUDIT_MANDATES?: string[];

  /** Where the master key is that wraps the keys of the database. */
  @Matches(KMS_FORMAT, { message: 'KMS must be file:<path> or transit:<url>' })
  KMS!: string;

  @ValidateIf((environment: NodeEnvironment) => environment.KMS?.startsWith('transit:'))
  @MinLength(1, { message: 'KMS_KEY must name a key when KMS is a transit engine' })
  KMS_KEY?: string;

  @ValidateIf((environment: NodeEnvironment) => environment.KMS?.startsWith('transit:'))
  @MinLength(1, { message: 'KMS_TOKEN_FILE must name a file when KMS is a transit engine' })
  KMS_TOKEN_FILE?: string;

  @IsUrl(HTTP_URL, { message: 'OIDC_ISSUER must be an http(s) URL' })
  OIDC_ISSUER!: string;

  @MinLength(1, { message: 'OIDC_AUDIENCE must not be empty' })
  OIDC_AUDIENCE: string = 'urn:acogida';

  @IsOptional()
  @IsUrl(HTTP_URL, { message: 'OIDC_JWKS_URI must be an http(s) URL' })
  OIDC_JWKS_URI?: string;

  /** Whether agencies without a node may answer by links. */
  @IsIn(['on', 'off'], { message: 'ANSWER_LINKS must be on or off' })
  ANSWER_LINKS: 'on' | 'off' = 'off';

  @ValidateIf(
    (environment: NodeEnvironment) => environment.ANSWER_LINKS === 'on' || environment.PUBLIC_URL !== undefined,
  )
  /** Where this node is reached from outside: by other agencies' nodes, and by agencies that answer by links. */
  @IsUrl(HTTP_URL, { message: 'PUBLIC_URL must be an http(s) URL, and there when ANSWER_LINKS is on' })
  PUBLIC_URL?: string;

  /**
   * Where this node may ask others: names (`*` for the first label or all of it), addresses and networks, with `http://` where that will do.
   * What is public and by https when left out; anywhere with keys of development.
   */
  @IsOptional()
  @Transform(asList)
  @IsArray({ message: 'CHANNEL_ALLOWED_HOSTS must name hosts: a.example, *.example, 10.0.0.0/8, http://localhost' })
  @ValidateBy(
    { name: 'isChannelHost', validator: { validate: isChannelHost } },
    {
      each: true,
      message: 'CHANNEL_ALLOWED_HOSTS must name hosts: a.example, *.example, 10.0.0.0/8, http://localhost',
    },
  )
  CHANNEL_ALLOWED_HOSTS?: string[];

  /** Questions about clearances that one agency is answered in a minute; five times as many at once. */
  @Transform(asNumber)
  @IsInt({ message: 'CLEARANCE_QUESTIONS_A_MINUTE must be from 1 to 6000' })
  @Min(1, { message: 'CLEARANCE_QUESTIONS_A_MINUTE must be from 1 to 6000' })
  @Max(6_000, { message: 'CLEARANCE_QUESTIONS_A_MINUTE must be from 1 to 6000' })
  CLEARANCE_QUESTIONS_A_MINUTE: number = 60;

  /** Connections to the node's database for commands and what others say; half as many again for read models. */
  @Transform(asNumber)
  @IsInt({ message: 'DATABASE_POOL_SIZE must be from 4 to 100' })
  @Min(4, { message: 'DATABASE_POOL_SIZE must be from 4 to 100' })
  @Max(100, { message: 'DATABASE_POOL_SIZE must be from 4 to 100' })
  DATABASE_POOL_SIZE: number = 10;

  @IsIn([...LOG_LEVELS], { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  /** After how long without anything to say the node signs its head. */
  @Transform(asNumber)
  @IsInt({ message: 'HEARTBEAT_INTERVAL_MS must be from 100 to 3600000' })
  @Min(100, { message: 'HEARTBEAT_INTERVAL_MS must be from 100 to 3600000' })
  @Max(3_600_000, { message: 'HEARTBEAT_INTERVAL_MS must be from 100 to 3600000' })
  HEARTBEAT_INTERVAL_MS: number = 10_000;

  /** For how long the gate waits for an authority's answer to the question whether somebody may leave. */
  @Transform(asNumber)
  @IsInt({ message: 'CLEARANCE_DEADLINE_MS must be from 100 to 60000' })
  @Min(100, { message: 'CLEARANCE_DEADLINE_MS must be from 100 to 60000' })
  @Max(60_000, { message: 'CLEARANCE_DEADLINE_MS must be from 100 to 60000' })
  CLEARANCE_DEADLINE_MS: number = 10_000;

  /** How long a clearance of this agency stands: so long may a hold that is placed meanwhile have to wait. */
  @Transform(asNumber)
  @IsInt({ message: 'CLEARANCE_LEASE_MS must be from 1000 to 600000' })
  @Min(1_000, { message: 'CLEARANCE_LEASE_MS must be from 1000 to 600000' })
  @Max(LONGEST_LEASE_MS, { message: 'CLEARANCE_LEASE_MS must be from 1000 to 600000' })
  CLEARANCE_LEASE_MS: number = DEFAULT_LEASE_TERMS.leaseMs;

  /** For how many days a reply is kept under its idempotency key. */
  @Transform(asNumber)
  @IsInt({ message: 'IDEMPOTENCY_RETENTION_DAYS must be from 1 to 3650' })
  @Min(1, { message: 'IDEMPOTENCY_RETENTION_DAYS must be from 1 to 3650' })
  @Max(3650, { message: 'IDEMPOTENCY_RETENTION_DAYS must be from 1 to 3650' })
  IDEMPOTENCY_RETENTION_DAYS: number = 90;

  /** Metrics are served on a port of their own; not at all without it. */
  @IsOptional()
  @Transform(asNumber)
  @IsInt({ message: 'METRICS_PORT must be a port number' })
  @Min(0, { message: 'METRICS_PORT must be a port number' })
  @Max(65_535, { message: 'METRICS_PORT must be a port number' })
  METRICS_PORT?: number;

  @MinLength(1, { message: 'METRICS_HOST must not be empty' })
  METRICS_HOST: string = '127.0.0.1';

  /** Base URL of a collector that takes OTLP/HTTP; without it nothing is traced. */
  @IsOptional()
  @IsUrl(HTTP_URL, { message: 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http(s) URL' })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Share of traces that is kept. */
  @Transform(asNumber)
  @IsNumber({}, { message: 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1' })
  @Min(0, { message: 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1' })
  @Max(1, { message: 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1' })
  OTEL_TRACES_SAMPLER_ARG: number = 1;

  @IsOptional()
  @Matches(SERVICE_NAME, { message: 'OTEL_SERVICE_NAME must be letters, digits, dots, dashes and underscores' })
  OTEL_SERVICE_NAME?: string;
}
