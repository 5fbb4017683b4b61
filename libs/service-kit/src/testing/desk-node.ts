import { consentDesk } from '../consent-desk/consent-desk.ts';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { referralDesk } from '../referral-desk/referral-desk.ts';
import { openedBySending } from './opened-by-sending.ts';

/** A service with both desks and nothing else; it refers every case. */
export function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = referralDesk();
  const consents = consentDesk([]);
  return {
    ...{ kind, description: 'Desks.', contractProjections: [], providers: consents.providers },
    ownCases: openedBySending,
    procedures: [...desk.procedures, ...consents.procedures],
    controllers: [...desk.controllers, ...consents.controllers],
    entities: [...desk.entities, ...consents.entities],
    migrations: [...desk.migrations, ...consents.migrations],
    inlineProjections: [...desk.inlineProjections, ...consents.inlineProjections],
    policies: (context) => [...desk.policies(context), ...consents.policies(context)],
  };
}

/** The same beside both desks, as every service has them: under keys of cases, circles are kept in line with what stands there. */
export function besideDesks(definition: NodeDefinition): NodeDefinition {
  const desks = deskNode(definition.kind);
  return {
    ...definition,
    procedures: [...desks.procedures, ...definition.procedures],
    controllers: [...desks.controllers, ...definition.controllers],
    providers: [...desks.providers, ...definition.providers],
    entities: [...desks.entities, ...definition.entities],
    migrations: [...desks.migrations, ...definition.migrations],
    inlineProjections: [...desks.inlineProjections, ...definition.inlineProjections],
    policies: (context) => [...desks.policies(context), ...definition.policies(context)],
  };
}
