import { consentDesk } from '../consent-desk/consent-desk.ts';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { referralDesk } from '../referral-desk/referral-desk.ts';

/** A service with both desks and nothing else. */
export function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = referralDesk();
  const consents = consentDesk([]);
  return {
    ...{ kind, description: 'Desks.', contractProjections: [], providers: consents.providers },
    procedures: [...desk.procedures, ...consents.procedures],
    controllers: [...desk.controllers, ...consents.controllers],
    entities: [...desk.entities, ...consents.entities],
    migrations: [...desk.migrations, ...consents.migrations],
    inlineProjections: [...desk.inlineProjections, ...consents.inlineProjections],
    policies: (context) => [...desk.policies(context), ...consents.policies(context)],
  };
}
