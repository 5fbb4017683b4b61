import { consentDesk } from '../../consent-desk/consent-desk.ts';
import type { NodeDefinition } from '../../node-definition.ts';
import { referralDesk } from '../../referral-desk/referral-desk.ts';
import { holdDesk } from '../../safeguards/hold-desk.ts';
import { withVault } from '../../vault/with-vault.ts';

/** An authority with a vault and a ledger of holds, and nothing else. For specs. */
export function vaultNode(): NodeDefinition {
  const consents = consentDesk([]);
  const holds = holdDesk(['ASYLUM_INTENT']);
  return withVault({
    ...{ kind: 'asylum', description: 'A vault that is searched.', entities: [...consents.entities] },
    procedures: [...consents.procedures, ...holds.procedures],
    controllers: [...consents.controllers, ...holds.controllers],
    providers: [...consents.providers, ...holds.providers],
    migrations: [...referralDesk().migrations, ...consents.migrations, ...holds.migrations],
    inlineProjections: [...consents.inlineProjections],
    contractProjections: holds.contractProjections,
    policies: (context) => [...consents.policies(context)],
    deadlines: [...consents.deadlines],
  });
}
