import type { ServiceRequest } from './options.ts';

/** Every name in the templates, derived from the request. */
export interface ServiceNames extends ServiceRequest {
  /** `legalAid`: what the node is named after. */
  readonly kindName: string;
  /** `ShelterStay`, `shelterStay`, `SHELTER_STAY`. */
  readonly Name: string;
  readonly name: string;
  readonly CONSTANT: string;
  /** Prefix of refusal codes: `LEGAL_AID`. */
  readonly CODE: string;
  /** `shelterStayId` and its column `shelter_stay_id`. */
  readonly id: string;
  readonly idColumn: string;
  /** `shelter_stay`. */
  readonly table: string;
  /** `shelter stay`. */
  readonly words: string;
  /** `/v1/shelter-stays`. */
  readonly route: string;
  /** Class of the migration, with the moment that orders it. */
  readonly migration: string;
  /** `database` of the node. */
  readonly database: string;
  /** As TypeScript literals. */
  readonly country: string;
  readonly service: string;
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function camel(name: string): string {
  const words = pascal(name);
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function plural(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

function literal(text: string | null): string {
  return text === null ? 'null' : `'${text}'`;
}

/**
 * The names of a service.
 *
 * @param nowMs milliseconds since 1970: migrations run in the order of such moments
 */
export function serviceNames(request: ServiceRequest, nowMs: number): ServiceNames {
  const { kind, procedure, agencyId, jurisdiction, provides } = request;
  const table = procedure.replaceAll('-', '_');
  return {
    ...request,
    kindName: camel(kind),
    Name: pascal(procedure),
    name: camel(procedure),
    CONSTANT: table.toUpperCase(),
    CODE: kind.toUpperCase().replaceAll('-', '_'),
    id: `${camel(procedure)}Id`,
    idColumn: `${table}_id`,
    table,
    words: procedure.replaceAll('-', ' '),
    route: `/v1/${plural(procedure)}`,
    migration: `Create${pascal(procedure)}Table${nowMs}`,
    database: `agency_${agencyId.replaceAll('-', '_')}`,
    country: literal(jurisdiction),
    service: literal(provides),
  };
}
