import type { NodeDefinition } from '../node-definition.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { AUDIT_LOG, NODE_RUNTIME } from '../tokens.ts';
import { AddConsentGivenAt1795530000000 } from './add-consent-given-at.migration.ts';
import { KeyStoreCellSealer } from './cell-sealer.ts';
import { CreateVaultTable1795512000000 } from './create-vault-table.migration.ts';
import { Vault } from './vault.ts';
import { vaultForgettingProjection } from './vault-forgetting.ts';

/** A node that keeps identity: `Vault` can be injected. It has a consent desk; its controllers have the routes. */
export function withVault(definition: NodeDefinition): NodeDefinition {
  return {
    ...definition,
    providers: [
      ...definition.providers,
      {
        provide: Vault,
        inject: [NODE_RUNTIME, AUDIT_LOG],
        useFactory: ({ pool, keys, context }: NodeRuntime, audit: AuditLog) =>
          new Vault({ pool, audit, sealer: new KeyStoreCellSealer(context.agencyId, keys) }),
      },
    ],
    migrations: [...definition.migrations, CreateVaultTable1795512000000, AddConsentGivenAt1795530000000],
    inlineProjections: [...definition.inlineProjections, vaultForgettingProjection],
  };
}
