import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, readConfiguration } from './node-configuration.ts';

const SECRET = 'canary-password';
const directory = mkdtempSync(join(tmpdir(), 'acogida-configuration-'));
const keys = generateKeyPairSync('ed25519');
let variables: Record<string, string | undefined>;
let network: { network: string; agencies: Record<string, unknown>[] };

function write(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function writeNetwork(): void {
  write('network.json', JSON.stringify(network));
}

beforeEach(() => {
  network = {
    network: 'sample',
    agencies: [
      {
        agencyId: 'cr-border-intake',
        kind: 'intake',
        name: 'Border intake',
        jurisdiction: 'CR',
        signingKeys: [{ keyId: 'intake-1', publicKeyJwk: keys.publicKey.export({ format: 'jwk' }), fromNumber: 1 }],
      },
    ],
  };
  writeNetwork();
  variables = {
    AGENCY_ID: 'cr-border-intake',
    PORT: '3001',
    DATABASE_URL: `postgres://node:${SECRET}@127.0.0.1:5432/intake`,
    LOG_DRIVER: 'embedded',
    LOG_DATABASE_URL: `postgres://log:${SECRET}@127.0.0.1:5432/log`,
    NETWORK_FILE: join(directory, 'network.json'),
    SIGNING_KEY_FILE: write('signing.pem', pem(keys.privateKey)),
    SEALING_KEY_FILE: write('sealing.key', Buffer.alloc(32, 7).toString('base64')),
    OIDC_ISSUER: 'http://127.0.0.1:4000',
  };
});

afterAll(() => rmSync(directory, { recursive: true }));

function errorsOf(kind: 'intake' | 'asylum' = 'intake'): readonly string[] {
  try {
    readConfiguration(variables, kind);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).not.toContain(SECRET);
    return (error as ConfigurationError).errors;
  }
  return [];
}

describe('the configuration of a node', () => {
  it('holds what the environment says, with defaults for the rest', () => {
    const configuration = readConfiguration(variables, 'intake');
    expect(configuration).toMatchObject({
      agencyId: 'cr-border-intake',
      host: '127.0.0.1',
      port: 3001,
      databaseUrl: variables['DATABASE_URL'],
      log: { driver: 'embedded', databaseUrl: variables['LOG_DATABASE_URL'] },
      signingKeyId: 'intake-1',
      oidc: { issuer: 'http://127.0.0.1:4000', audience: 'urn:acogida' },
      logLevel: 'info',
    });
    expect(configuration.agency.jurisdiction).toBe('CR');
    expect(configuration.sealingKey).toEqual(Buffer.alloc(32, 7));
    expect(configuration.signingKey.asymmetricKeyType).toBe('ed25519');
  });

  it('serves no metrics and traces nothing unless it is told to', () => {
    const configuration = readConfiguration(variables, 'intake');
    expect([configuration.metrics, configuration.tracing]).toEqual([undefined, undefined]);
  });

  it('says where metrics are served and where traces go', () => {
    Object.assign(variables, { METRICS_PORT: '9464', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' });
    expect(readConfiguration(variables, 'intake')).toMatchObject({
      metrics: { host: '127.0.0.1', port: 9464 },
      tracing: { endpoint: 'http://collector:4318', sampleRatio: 1 },
    });
    Object.assign(variables, {
      ...{ METRICS_HOST: '0.0.0.0', OTEL_TRACES_SAMPLER_ARG: '0.25', OTEL_SERVICE_NAME: 'border-desk' },
    });
    expect(readConfiguration(variables, 'intake')).toMatchObject({
      metrics: { host: '0.0.0.0', port: 9464 },
      tracing: { sampleRatio: 0.25, serviceName: 'border-desk' },
    });
  });

  it('takes Kafka brokers as a comma list', () => {
    Object.assign(variables, { LOG_DRIVER: 'kafka', KAFKA_BROKERS: 'a:9092, b:9092', LOG_DATABASE_URL: undefined });
    expect(readConfiguration(variables, 'intake').log).toEqual({ driver: 'kafka', brokers: ['a:9092', 'b:9092'] });
  });

  it('lists everything that is missing at once', () => {
    variables = {};
    expect(errorsOf()).toEqual([
      'AGENCY_ID must be an agency id of the network file',
      'PORT must be a port number',
      'DATABASE_URL must be a postgres:// URL',
      'LOG_DRIVER must be embedded or kafka',
      'NETWORK_FILE must name a file',
      'SIGNING_KEY_FILE must name a file',
      'SEALING_KEY_FILE must name a file',
      'OIDC_ISSUER must be an http(s) URL',
    ]);
  });

  it.each([
    ['PORT', '70000', 'PORT must be a port number'],
    ['PORT', '12.5', 'PORT must be a port number'],
    ['DATABASE_URL', `mysql://node:${SECRET}@h/d`, 'DATABASE_URL must be a postgres:// URL'],
    ['LOG_DATABASE_URL', undefined, 'LOG_DATABASE_URL must be a postgres:// URL when LOG_DRIVER is embedded'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of silent, fatal, error, warn, info, debug, trace'],
    ['OIDC_ISSUER', 'issuer', 'OIDC_ISSUER must be an http(s) URL'],
    ['OIDC_JWKS_URI', 'keys', 'OIDC_JWKS_URI must be an http(s) URL'],
    ['METRICS_PORT', 'x', 'METRICS_PORT must be a port number'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector', 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http(s) URL'],
    ['OTEL_TRACES_SAMPLER_ARG', '2', 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'all', 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    ['OTEL_SERVICE_NAME', 'a b', 'OTEL_SERVICE_NAME must be letters, digits, dots, dashes and underscores'],
    ['AGENCY_ID', 'cr-unlisted', 'AGENCY_ID: the network file lists no such agency'],
    ['NETWORK_FILE', '/nowhere', 'NETWORK_FILE: the file cannot be read'],
  ])('refuses %s=%s', (name, value, message) => {
    variables[name] = value;
    expect(errorsOf()).toEqual([message]);
  });

  it('refuses a broker without a port', () => {
    Object.assign(variables, { LOG_DRIVER: 'kafka', KAFKA_BROKERS: 'a' });
    expect(errorsOf()).toEqual(['KAFKA_BROKERS must be a comma list of host:port when LOG_DRIVER is kafka']);
  });

  it('refuses key files that hold something else, without quoting them', () => {
    write('signing.pem', SECRET);
    write('sealing.key', SECRET);
    expect(errorsOf()).toEqual([
      'SIGNING_KEY_FILE: the file does not hold an Ed25519 private key as PKCS8 PEM',
      'SEALING_KEY_FILE: the file does not hold 32 bytes as base64',
    ]);
  });

  it('refuses a signing key whose public half the network does not list', () => {
    write('signing.pem', pem(generateKeyPairSync('ed25519').privateKey));
    expect(errorsOf()).toEqual([
      'SIGNING_KEY_FILE: the network file does not list the public half of this key for the agency',
    ]);
  });

  it('refuses to run one kind of service for an agency of another kind', () => {
    expect(errorsOf('asylum')).toEqual(['AGENCY_ID: the network file lists it as intake, this service is asylum']);
  });
});

describe('the network file', () => {
  it('is refused when it is no JSON', () => {
    write('network.json', '{');
    expect(errorsOf()).toEqual(['NETWORK_FILE: the file does not hold JSON']);
  });

  it('is refused with the place of each fault', () => {
    Object.assign(network.agencies[0] ?? {}, { kind: 'Bakery', jurisdiction: 'XX' });
    writeNetwork();
    const errors = errorsOf();
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatch(/^NETWORK_FILE: agencies\[0\]\.kind: /);
    expect(errors[1]).toMatch(/^NETWORK_FILE: agencies\[0\]\.jurisdiction: /);
  });

  it('is refused when an agency is listed twice', () => {
    network.agencies.push({ ...network.agencies[0] });
    writeNetwork();
    expect(errorsOf()).toEqual([expect.stringMatching(/^NETWORK_FILE: agencies: .*unique/)]);
  });

  it('is refused when it holds a private key', () => {
    Object.assign(network.agencies[0] ?? {}, {
      signingKeys: [{ keyId: 'k', publicKeyJwk: keys.privateKey.export({ format: 'jwk' }), fromNumber: 1 }],
    });
    writeNetwork();
    expect(errorsOf()).toContain(
      'NETWORK_FILE: cr-border-intake.signingKeys[0]: publicKeyJwk is not an Ed25519 public key',
    );
  });
});
