import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { ForgetfulAdapter } from './forgetful-adapter.ts';
import type { SigningKeys } from './signing-keys.ts';

/** How long an access token is valid, in seconds. */
export const TOKEN_LIFETIME_SECONDS = 3600;

/** Audience of the tokens unless another is configured. */
export const DEFAULT_AUDIENCE = 'urn:acogida';

/** Somebody who may ask for tokens: one client `<agency>.<name>`. */
export interface IssuerUser {
  readonly agency: string;
  /** Second part of the client id; usually the one role. */
  readonly name: string;
  readonly roles: readonly string[];
}

/** Client id and token subject of a user. */
export function clientIdOf(user: IssuerUser): string {
  return `${user.agency}.${user.name}`;
}

/**
 * Configuration of the development issuer: client credentials only, signed access tokens for one audience with the claims
 * `agency` and `roles`. Every client has the same secret: it is a development issuer, for one machine.
 */
export function issuerConfiguration(options: {
  readonly users: readonly IssuerUser[];
  readonly secret: string;
  readonly signingKeys: SigningKeys;
  readonly audience: string;
}): Configuration {
  const { users, secret, signingKeys, audience } = options;
  const byClientId = new Map(users.map((user) => [clientIdOf(user), user] as const));
  return {
    adapter: ForgetfulAdapter,
    jwks: { keys: [...signingKeys.keys] },
    clients: users.map((user) => ({
      client_id: clientIdOf(user),
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    })),
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    responseTypes: [],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenTTL: TOKEN_LIFETIME_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    extraTokenClaims: (_context, token) => {
      const user = byClientId.get(token.clientId ?? '');
      if (user === undefined) return {};
      return { agency: user.agency, roles: [...user.roles] };
    },
    ttl: { ClientCredentials: TOKEN_LIFETIME_SECONDS },
    renderError: (context: KoaContextWithOIDC, out: ErrorOut) => {
      context.type = 'json';
      context.body = { error: out.error, error_description: out.error_description };
    },
  };
}
