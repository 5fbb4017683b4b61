import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { AGENCY_ID_FORMAT } from './network.ts';

/** Levels of LOG_LEVEL, from quiet to loud. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const POSTGRES_URL = /^postgres(ql)?:\/\/\S+$/;
const BROKER = /^[A-Za-z0-9.-]+:\d{1,5}$/;
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** The environment variables of a node as they are written. Messages name the rule, never the value. */
export class NodeEnvironment {
  @Matches(AGENCY_ID_FORMAT, { message: 'AGENCY_ID must be an agency id of the network file' })
  AGENCY_ID!: string;

  @Transform(({ value }: { value: unknown }) => (value === undefined || value === '' ? undefined : Number(value)))
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
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value,
  )
  @IsArray({ message: 'KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka' })
  @ArrayMinSize(1, { message: 'KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka' })
  @Matches(BROKER, { each: true, message: 'KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka' })
  KAFKA_BROKERS?: string[];

  @MinLength(1, { message: 'NETWORK_FILE must name a file' })
  NETWORK_FILE!: string;

  @MinLength(1, { message: 'SIGNING_KEY_FILE must name a file' })
  SIGNING_KEY_FILE!: string;

  @MinLength(1, { message: 'SEALING_KEY_FILE must name a file' })
  SEALING_KEY_FILE!: string;

  @IsUrl(HTTP_URL, { message: 'OIDC_ISSUER must be an http(s) URL' })
  OIDC_ISSUER!: string;

  @MinLength(1, { message: 'OIDC_AUDIENCE must not be empty' })
  OIDC_AUDIENCE: string = 'urn:acogida';

  @IsOptional()
  @IsUrl(HTTP_URL, { message: 'OIDC_JWKS_URI must be an http(s) URL' })
  OIDC_JWKS_URI?: string;

  @IsIn([...LOG_LEVELS], { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';
}
