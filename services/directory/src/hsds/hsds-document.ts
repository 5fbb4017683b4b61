// The part of the Human Services Data Specification 3 that the directory speaks, in its own names: members that we neither
// write nor read are left out. https://docs.openreferral.org

/** What classifies an entry: here always one of our own codes, as `value` under a term of our taxonomy. */
export interface HsdsAttribute {
  readonly id: string;
  readonly link_type?: string;
  readonly link_entity?: string;
  readonly value?: string;
  readonly taxonomy_term?: {
    readonly id: string;
    readonly code?: string;
    readonly name: string;
    readonly description: string;
    readonly taxonomy?: string;
  };
}

/** A telephone. */
export interface HsdsPhone {
  readonly id: string;
  readonly number: string;
}

/** A way to reach an organisation. */
export interface HsdsContact {
  readonly id: string;
  readonly department?: string;
  readonly email?: string;
  readonly phones?: readonly HsdsPhone[];
  readonly attributes?: readonly HsdsAttribute[];
}

/** Who is responsible for services. */
export interface HsdsOrganization {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly email?: string;
  readonly phones?: readonly HsdsPhone[];
  readonly contacts?: readonly HsdsContact[];
  readonly locations?: readonly {
    readonly id: string;
    readonly addresses?: readonly { readonly id: string; readonly country: string }[];
  }[];
  readonly organization_identifiers?: readonly {
    readonly id: string;
    readonly identifier_scheme?: string;
    readonly identifier_type: string;
    readonly identifier: string;
  }[];
  readonly attributes?: readonly HsdsAttribute[];
}

/** When a service is open. */
export interface HsdsSchedule {
  readonly id: string;
  readonly freq?: 'WEEKLY' | 'MONTHLY';
  readonly byday?: string;
  readonly opens_at?: string;
  readonly closes_at?: string;
  readonly timezone?: number;
  readonly valid_from?: string;
  readonly valid_to?: string;
  readonly attributes?: readonly HsdsAttribute[];
}

/** Places counted at a time (HSDS 3.1). */
export interface HsdsCapacity {
  readonly id: string;
  readonly unit: { readonly id: string; readonly name: string };
  readonly available: number;
  readonly maximum?: number;
  readonly updated: string;
}

/** What is offered. */
export interface HsdsService {
  readonly id: string;
  readonly organization_id?: string;
  readonly organization?: { readonly id: string };
  readonly name: string;
  readonly description?: string;
  readonly status: 'active' | 'inactive' | 'defunct' | 'temporarily closed';
  readonly eligibility_description?: string;
  readonly minimum_age?: number;
  readonly maximum_age?: number;
  readonly languages?: readonly { readonly id: string; readonly code?: string; readonly name?: string }[];
  readonly service_areas?: readonly {
    readonly id: string;
    readonly name?: string;
    readonly extent?: string;
    readonly extent_type?: string;
  }[];
  readonly schedules?: readonly HsdsSchedule[];
  readonly capacities?: readonly HsdsCapacity[];
  readonly attributes?: readonly HsdsAttribute[];
}

/** Organisations and their services, as the HSDS API lists them. */
export interface HsdsDocument {
  /** Version of HSDS. */
  readonly version: string;
  readonly organizations: readonly HsdsOrganization[];
  readonly services: readonly HsdsService[];
}

/** The version of HSDS that is written; any 3 is read. */
export const HSDS_VERSION = '3.1.0';
