import { readFileSync } from 'node:fs';
import type { IssuerUser } from './issuer-configuration.ts';
import type { IssuerOptions } from './start-issuer.ts';

type Variables = Readonly<Record<string, string | undefined>>;

function isUser(value: unknown): value is IssuerUser {
  if (typeof value !== 'object' || value === null) return false;
  const { agency, name, roles } = value as Record<string, unknown>;
  return (
    typeof agency === 'string' &&
    typeof name === 'string' &&
    Array.isArray(roles) &&
    roles.every((role) => typeof role === 'string')
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the environment of the issuer's process: ISSUER_PORT, ISSUER_HOST, ISSUER_URL (`iss` of the tokens), ISSUER_USERS_FILE (JSON array of
 * {agency, name, roles}), ISSUER_SECRET_FILE, ISSUER_KEYS_FILE, OIDC_AUDIENCE.
 *
 * @throws Error that names the variable, never its value
 */
export function readIssuerEnvironment(variables: Variables): IssuerOptions {
  const required = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === '') throw new Error(`${name} is missing`);
    return value;
  };
  const port = Number(required('ISSUER_PORT'));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('ISSUER_PORT must be a port number');
  const users = parsed(readFileSync(required('ISSUER_USERS_FILE'), 'utf8'));
  if (!Array.isArray(users) || !users.every(isUser)) {
    throw new Error('ISSUER_USERS_FILE must hold a JSON array of {agency, name, roles}');
  }
  const secret = readFileSync(required('ISSUER_SECRET_FILE'), 'utf8').trim();
  if (secret.length < 16) throw new Error('ISSUER_SECRET_FILE must hold at least 16 characters');
  return {
    port,
    users,
    secret,
    keysFile: required('ISSUER_KEYS_FILE'),
    ...(variables['ISSUER_HOST'] === undefined ? {} : { host: variables['ISSUER_HOST'] }),
    ...(variables['ISSUER_URL'] === undefined ? {} : { url: variables['ISSUER_URL'] }),
    ...(variables['OIDC_AUDIENCE'] === undefined ? {} : { audience: variables['OIDC_AUDIENCE'] }),
  };
}
