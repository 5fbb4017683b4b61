import { systemRandomness } from '@acogida/sealing';
import { Logger, type Type } from '@nestjs/common';
import { CreateIdentityTokenTable1795563000000 } from '../identity-search/create-identity-token-table.migration.ts';
import { AskSecondOfficer1795566000000 } from '../identity-search/ask-second-officer.migration.ts';
import { IDENTITY_INDEX } from '../identity-search/identity-index.ts';
import { IdentityTokens } from '../identity-search/identity-tokens.ts';
import { KeepUnindexedCases1795565000000 } from '../identity-search/keep-unindexed-cases.migration.ts';
import { openLookupKey, rememberedKey } from '../identity-search/lookup-key.ts';
import { CreatePossibleMatchTable1795564000000 } from '../identity-search/create-possible-match-table.migration.ts';
import {
  MATCH_OFFICERS,
  type MatchOfficers,
  possibleMatchesFor,
} from '../identity-search/possible-matches.controller.ts';
import { KeepWhoDescribes1795575000000 } from '../identity-search/keep-who-describes.migration.ts';
import { MatchEachPair1795572000000 } from '../identity-search/match-each-pair.migration.ts';
import { PossibleMatches } from '../identity-search/possible-matches.ts';
import { SearchByIndex1795568000000 } from '../identity-search/search-by-index.migration.ts';
import { SoughtRetention } from '../identity-search/sought-retention.ts';
import { VaultIdentityIndex } from '../identity-search/vault-identity-index.ts';
import type { NodeDefinition } from '../node-definition.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { type CaseFacts, CASE_FACTS } from '../referral-desk/case-facts.ts';
import { CaseLinks } from '../safeguards/case-links.ts';
import { AUDIT_LOG, NODE_RUNTIME } from '../tokens.ts';
import { AddConsentGivenAt1795530000000 } from './add-consent-given-at.migration.ts';
import { KeyStoreCellSealer } from './cell-sealer.ts';
import { CreateVaultTable1795512000000 } from './create-vault-table.migration.ts';
import { HeldCases, IDENTITY_CASES, type IdentityCases } from './identity-cases.ts';
import { IdentityController } from './identity.controller.ts';
import { KeepWhatIsHeld1795579000000 } from './keep-what-is-held.migration.ts';
import { Vault } from './vault.ts';
import { vaultForgettingProjection } from './vault-forgetting.ts';

const LOOKUP_KEY = Symbol('acogida.lookup-key');
type LookupKey = ReturnType<typeof rememberedKey>;

function keyOf({ pool, keys: { keyStore }, clock }: NodeRuntime): LookupKey {
  return rememberedKey(() => openLookupKey({ pool, keyStore, randomness: systemRandomness, clock }));
}

function tokensOf({ pool, keys, context }: NodeRuntime, key: LookupKey): IdentityTokens {
  return new IdentityTokens({ pool, key, sealer: new KeyStoreCellSealer(context.agencyId, keys) });
}

function matchesOf(
  { pool, keys, context, clock, ids, relay }: NodeRuntime,
  key: LookupKey,
  audit: AuditLog,
  links: CaseLinks,
): PossibleMatches {
  const sealer = new KeyStoreCellSealer(context.agencyId, keys);
  return new PossibleMatches({
    ...{ pool, clock, ids, audit, sealer, key },
    onDecided: (transaction, match) => links.decided(transaction, match),
    afterDecided: () => relay.wake(),
  });
}

function indexOf(
  { pool, keys: { keyStore }, context: { agencyId }, clock }: NodeRuntime,
  audit: AuditLog,
  tokens: IdentityTokens,
  matches: PossibleMatches,
  facts: CaseFacts | undefined,
): VaultIdentityIndex {
  const logger = new Logger('identity-search');
  return new VaultIdentityIndex({
    ...{ agencyId, pool, clock, tokens, matches, keyStore, audit, facts: facts ?? null, logger },
  });
}

/** How a vault differs. */
export interface VaultOptions {
  readonly cases?: Type<IdentityCases>;
  readonly matchOfficers?: MatchOfficers;
}

/**
 * A node that keeps identity, with the routes of it: `Vault` can be injected, and so can `IDENTITY_INDEX`, which searches it. It has
 * a consent desk and a hold desk.
 *
 * @param cases of which it takes down who the person is
 * @param matchOfficers who decide whether two identities are one person's
 */
export function withVault(
  definition: NodeDefinition,
  { cases = HeldCases, matchOfficers = MATCH_OFFICERS }: VaultOptions = {},
): NodeDefinition {
  return {
    ...definition,
    controllers: [...definition.controllers, IdentityController, possibleMatchesFor(matchOfficers)],
    providers: [
      ...definition.providers,
      {
        provide: Vault,
        inject: [NODE_RUNTIME, AUDIT_LOG, IdentityTokens],
        useFactory: ({ pool, keys, context }: NodeRuntime, audit: AuditLog, tokens: IdentityTokens) =>
          new Vault({ pool, audit, tokens, sealer: new KeyStoreCellSealer(context.agencyId, keys) }),
      },
      { provide: IDENTITY_CASES, useClass: cases },
      { provide: LOOKUP_KEY, inject: [NODE_RUNTIME], useFactory: keyOf },
      { provide: IdentityTokens, inject: [NODE_RUNTIME, LOOKUP_KEY], useFactory: tokensOf },
      { provide: PossibleMatches, inject: [NODE_RUNTIME, LOOKUP_KEY, AUDIT_LOG, CaseLinks], useFactory: matchesOf },
      {
        provide: SoughtRetention,
        inject: [PossibleMatches],
        useFactory: (matches: PossibleMatches) =>
          new SoughtRetention({ matches, logger: new Logger('identity-search') }),
      },
      {
        provide: IDENTITY_INDEX,
        inject: [NODE_RUNTIME, AUDIT_LOG, IdentityTokens, PossibleMatches, { token: CASE_FACTS, optional: true }],
        useFactory: indexOf,
      },
    ],
    migrations: [
      ...definition.migrations,
      CreateVaultTable1795512000000,
      AddConsentGivenAt1795530000000,
      CreateIdentityTokenTable1795563000000,
      CreatePossibleMatchTable1795564000000,
      KeepUnindexedCases1795565000000,
      AskSecondOfficer1795566000000,
      SearchByIndex1795568000000,
      MatchEachPair1795572000000,
      KeepWhoDescribes1795575000000,
      KeepWhatIsHeld1795579000000,
    ],
    inlineProjections: [...definition.inlineProjections, vaultForgettingProjection],
  };
}
