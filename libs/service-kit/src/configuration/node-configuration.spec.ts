import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMISSION, genesisId } from '@acogida/ledger';
import { newTestTrust } from '@acogida/testing/node';
import { ConfigurationError, readConfiguration } from './node-configuration.ts';

const SECRET = 'canary-password';
const directory = mkdtempSync(join(tmpdir(), 'acogida-configuration-'));
const trust = newTestTrust([
  { agency: 'regional-directory', kind: 'directory', name: 'Directory', jurisdiction: null },
  { agency: 'cr-border-intake', kind: 'intake', name: 'Border intake', jurisdiction: 'CR' },
]);
let variables: Record<string, string | undefined>;

function write(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function admissionFile(signed: unknown = trust.admissions[0]): object {
  return { type: 'admission', signed };
}

beforeEach(() => {
  write('sealing.pem', pem(trust.keysOf('cr-border-intake').privateKeys.sealing));
  variables = {
    AGENCY_ID: 'cr-border-intake',
    PORT: '3001',
    DATABASE_URL: `postgres://node:${SECRET}@127.0.0.1:5432/intake`,
    LOG_DRIVER: 'embedded',
    LOG_DATABASE_URL: `postgres://log:${SECRET}@127.0.0.1:5432/log`,
    GENESIS_FILE: write('genesis.json', JSON.stringify(trust.genesis)),
    GENESIS_ID: genesisId(trust.genesis),
    ADMISSIONS_FILE: write('admissions.json', JSON.stringify([admissionFile()])),
    SIGNING_KEY_FILE: write('signing.pem', pem(trust.keysOf('cr-border-intake').privateKeys.signing)),
    AGENCY_SEALING_KEY_FILE: undefined,
    SEALING_KEY_FILE: write('sealing.key', Buffer.alloc(32, 7).toString('base64')),
    KMS: 'file:/var/lib/acogida/master.key',
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
      databasePoolSize: 10,
      log: { driver: 'embedded', databaseUrl: variables['LOG_DATABASE_URL'] },
      agency: { agencyId: 'cr-border-intake', kind: 'intake', name: 'Border intake', jurisdiction: 'CR' },
      genesis: trust.genesis,
      admissions: trust.admissions,
      oidc: { issuer: 'http://127.0.0.1:4000', audience: 'urn:acogida' },
      logLevel: 'info',
    });
    expect(configuration.sealingKey).toEqual(Buffer.alloc(32, 7));
    expect(configuration.signingKeys().map(({ asymmetricKeyType }) => asymmetricKeyType)).toEqual(['ed25519']);
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

  it('finds the master key in a file or in a transit engine', () => {
    expect(readConfiguration(variables, 'intake').kms).toEqual({
      driver: 'file',
      path: '/var/lib/acogida/master.key',
    });
    Object.assign(variables, { KMS: 'transit:https://vault:8200', KMS_KEY: 'border', KMS_TOKEN_FILE: '/run/token' });
    expect(readConfiguration(variables, 'intake').kms).toEqual({
      driver: 'transit',
      address: 'https://vault:8200',
      key: 'border',
      tokenFile: '/run/token',
    });
    Object.assign(variables, { KMS_KEY: undefined, KMS_TOKEN_FILE: undefined });
    expect(errorsOf()).toEqual([
      'KMS_KEY must name a key when KMS is a transit engine',
      'KMS_TOKEN_FILE must name a file when KMS is a transit engine',
    ]);
  });

  it('speaks to other agencies with the transport key beside its signing key, or the one that is named', () => {
    const { transport, sealing } = trust.keysOf('cr-border-intake').privateKeys;
    expect(readConfiguration(variables, 'intake').transportKeys()).toEqual([]);
    write('transport.pem', pem(transport));
    const [beside] = readConfiguration(variables, 'intake').transportKeys();
    expect(beside?.equals(transport)).toBe(true);
    variables['TRANSPORT_KEY_FILE'] = write('named.pem', pem(transport));
    write('named.2.pem', pem(trust.keysOf('regional-directory').privateKeys.transport));
    expect(readConfiguration(variables, 'intake').transportKeys()).toHaveLength(2);
    variables['TRANSPORT_KEY_FILE'] = write('other.pem', pem(sealing));
    expect(errorsOf()).toEqual(['TRANSPORT_KEY_FILE: the file does not hold an Ed25519 private key as PKCS8 PEM']);
  });

  it('says where it is reached, with and without answers by links', () => {
    expect(readConfiguration(variables, 'intake').publicUrl).toBeUndefined();
    variables['PUBLIC_URL'] = 'https://node.test/';
    const { publicUrl, answerLinks } = readConfiguration(variables, 'intake');
    expect([publicUrl, answerLinks]).toEqual(['https://node.test', undefined]);
    variables['ANSWER_LINKS'] = 'on';
    expect(readConfiguration(variables, 'intake')).toMatchObject({ publicUrl, answerLinks: { publicUrl } });
    variables['PUBLIC_URL'] = 'node.test';
    expect(errorsOf()).toEqual(['PUBLIC_URL must be an http(s) URL, and there when ANSWER_LINKS is on']);
  });

  it('asks others where it may: what is public for real cases, anywhere in development, and what is listed', () => {
    expect(readConfiguration(variables, 'intake')).toMatchObject({ channelHosts: null, clearanceQuestionsAMinute: 60 });
    variables['KEYS_MODE'] = 'development';
    expect(readConfiguration(variables, 'intake').channelHosts).toBeUndefined();
    variables['CHANNEL_ALLOWED_HOSTS'] = '*.agency.example, http://10.0.0.0/8';
    expect(readConfiguration(variables, 'intake').channelHosts).toEqual(['*.agency.example', 'http://10.0.0.0/8']);
    variables['CHANNEL_ALLOWED_HOSTS'] = 'https://node.agency.example';
    Object.assign(variables, { CLEARANCE_QUESTIONS_A_MINUTE: '0', DATABASE_POOL_SIZE: '3' });
    expect(errorsOf()).toEqual([
      'CHANNEL_ALLOWED_HOSTS must name hosts: a.example, *.example, 10.0.0.0/8, http://localhost',
      'CLEARANCE_QUESTIONS_A_MINUTE must be from 1 to 6000',
      'DATABASE_POOL_SIZE must be from 4 to 100',
    ]);
  });

  it('seals with keys of each case and the key that others seal to the agency with, unless the key of the network is asked for', () => {
    variables['KEYS_MODE'] = 'development';
    expect(readConfiguration(variables, 'intake').keys).toEqual({ mode: 'development' });
    const { sealing, signing } = trust.keysOf('cr-border-intake').privateKeys;
    delete variables['KEYS_MODE'];
    const beside = readConfiguration(variables, 'intake').keys;
    expect(beside.mode === 'cases' && beside.sealingKeys()[0]?.equals(sealing)).toBe(true);
    variables['AGENCY_SEALING_KEY_FILE'] = write('own-sealing.pem', pem(signing));
    expect(errorsOf()).toEqual(['AGENCY_SEALING_KEY_FILE: the file does not hold an X25519 private key as PKCS8 PEM']);
    write('own-sealing.pem', pem(sealing));
    write('own-sealing.2.pem', pem(generateKeyPairSync('x25519').privateKey));
    const { keys } = readConfiguration(variables, 'intake');
    expect(keys.mode).toBe('cases');
    const found = keys.mode === 'cases' ? keys.sealingKeys() : [];
    expect(found.map(({ asymmetricKeyType }) => asymmetricKeyType)).toEqual(['x25519', 'x25519']);
    expect(found[0]?.equals(sealing)).toBe(true);
    expect(keys).toMatchObject({ auditMandates: new Map() });
    variables['AUDIT_MANDATES'] = 'cr-ombudsman:RESTRICTED, regional-monitor:CODED';
    const auditMandates = new Map([
      ['cr-ombudsman', 'RESTRICTED'],
      ['regional-monitor', 'CODED'],
    ]);
    expect(readConfiguration(variables, 'intake').keys).toMatchObject({ auditMandates });
  });

  it('takes Kafka brokers as a comma list', () => {
    Object.assign(variables, { LOG_DRIVER: 'kafka', KAFKA_BROKERS: 'a:9092, b:9092', LOG_DATABASE_URL: undefined });
    expect(readConfiguration(variables, 'intake').log).toEqual({ driver: 'kafka', brokers: ['a:9092', 'b:9092'] });
  });

  it('lists everything that is missing at once', () => {
    variables = {};
    expect(errorsOf()).toEqual([
      'AGENCY_ID must be an agency id',
      'PORT must be a port number',
      'DATABASE_URL must be a postgres:// URL',
      'LOG_DRIVER must be embedded or kafka',
      'GENESIS_FILE must name a file',
      'GENESIS_ID must be the id of the genesis: 64 hexadecimal digits',
      'SIGNING_KEY_FILE must name a file',
      'SEALING_KEY_FILE must name a file',
      'KMS must be file:<path> or transit:<url>',
      'OIDC_ISSUER must be an http(s) URL',
    ]);
  });

  it.each([
    ['PORT', '70000', 'PORT must be a port number'],
    ['PORT', '12.5', 'PORT must be a port number'],
    ['DATABASE_URL', `mysql://node:${SECRET}@h/d`, 'DATABASE_URL must be a postgres:// URL'],
    ['LOG_DATABASE_URL', undefined, 'LOG_DATABASE_URL must be a postgres:// URL when LOG_DRIVER is embedded'],
    ['KEYS_MODE', 'some', 'KEYS_MODE must be development or cases'],
    ['AUDIT_MANDATES', 'cr-ombudsman', 'AUDIT_MANDATES must be a comma list of <agency>:CODED or <agency>:RESTRICTED'],
    ['KMS', `vault:${SECRET}`, 'KMS must be file:<path> or transit:<url>'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of silent, fatal, error, warn, info, debug, trace'],
    ['OIDC_ISSUER', 'issuer', 'OIDC_ISSUER must be an http(s) URL'],
    ['OIDC_JWKS_URI', 'keys', 'OIDC_JWKS_URI must be an http(s) URL'],
    ['METRICS_PORT', 'x', 'METRICS_PORT must be a port number'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector', 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http(s) URL'],
    ['OTEL_TRACES_SAMPLER_ARG', '2', 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'all', 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    ['OTEL_SERVICE_NAME', 'a b', 'OTEL_SERVICE_NAME must be letters, digits, dots, dashes and underscores'],
    ['AGENCY_ID', 'cr-unlisted', 'AGENCY_ID: neither genesis nor admissions know such an agency'],
    ['GENESIS_FILE', '/nowhere', 'GENESIS_FILE: the file cannot be read'],
    ['ADMISSIONS_FILE', '/nowhere', 'ADMISSIONS_FILE: the file cannot be read'],
    ['GENESIS_ID', 'f'.repeat(64), 'GENESIS_FILE: the genesis is not the one that GENESIS_ID names'],
    ['GENESIS_ID', 'pin', 'GENESIS_ID must be the id of the genesis: 64 hexadecimal digits'],
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

  it('finds the keys of a rotation beside the first one, and no others', () => {
    const { signingKeys } = readConfiguration(variables, 'intake');
    const later = generateKeyPairSync('ed25519').privateKey;
    write('signing.2.pem', pem(later));
    write('signing.old.pem', pem(generateKeyPairSync('ed25519').privateKey));
    write('other.3.pem', pem(generateKeyPairSync('ed25519').privateKey));
    write('signing.4.pem', 'half written');
    expect(signingKeys().map(pem)).toEqual([pem(trust.keysOf('cr-border-intake').privateKeys.signing), pem(later)]);
  });

  it('refuses to run one kind of service for an agency of another kind', () => {
    expect(errorsOf('asylum')).toEqual(['AGENCY_ID: it was admitted as intake, this service is asylum']);
  });
});

describe('genesis and admissions', () => {
  it.each([
    ['no JSON', '{', 'the file does not hold a genesis'],
    ['another thing', '{}', 'the file does not hold a genesis'],
    [
      'a signature too few',
      JSON.stringify({ ...trust.genesis, signatures: trust.genesis.signatures.slice(1) }),
      'not every root of the genesis signed it',
    ],
  ])('a genesis file with %s is refused', (_, text, message) => {
    write('genesis.json', text);
    expect(errorsOf()).toEqual([`GENESIS_FILE: ${message}`]);
  });

  it.each([
    ['no JSON', '{'],
    ['another statement', JSON.stringify({ type: 'revocation', signed: {} })],
    ['no signatures', JSON.stringify(admissionFile({ statement: trust.admissions[0]?.statement }))],
  ])('an admissions file with %s is refused', (_, text) => {
    write('admissions.json', text);
    expect(errorsOf()).toEqual(['ADMISSIONS_FILE: the file does not hold admissions']);
  });

  it('an admission that k−1 roots signed is refused', () => {
    const { statement } = trust.admissions[0] ?? {};
    if (statement === undefined) throw new Error('the network has no agency');
    write('admissions.json', JSON.stringify(admissionFile(trust.signedByRoots(ADMISSION, statement, 1))));
    expect(errorsOf()).toEqual(['ADMISSIONS_FILE: an admission is not one that the roots of the genesis signed']);
  });

  it('takes one admission as the command of the agency writes it', () => {
    write('admissions.json', JSON.stringify(admissionFile()));
    expect(readConfiguration(variables, 'intake').admissions).toEqual(trust.admissions);
  });

  it('knows the directory from the genesis alone', () => {
    Object.assign(variables, { AGENCY_ID: 'regional-directory', ADMISSIONS_FILE: undefined });
    expect(readConfiguration(variables, 'directory').agency).toMatchObject({ name: 'Directory', jurisdiction: null });
  });
});
