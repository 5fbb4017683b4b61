import { SetMetadata } from '@nestjs/common';

/** Roles that a token can carry in its claim `roles`. */
export const ROLES = [
  'caseworker',
  'border-officer',
  'referral-officer',
  'screening-officer',
  'eligibility-officer',
  'supervisor',
  'coordinator',
  /** May share past a consent that is missing, for a reason that is kept; never past a deny rule. */
  'consent-override',
  'data-protection-officer',
  'legal-counsel',
  'auditor',
  'operator',
  'import',
] as const;

/** One of `ROLES`. */
export type Role = (typeof ROLES)[number];

/** Who works on cases: whoever may read what an agency has of one. */
export const CASE_STAFF = [
  'caseworker',
  'border-officer',
  'referral-officer',
  'screening-officer',
  'eligibility-officer',
  'supervisor',
] as const satisfies readonly Role[];

/** Metadata key of `Roles`. */
export const ROLES_METADATA = 'acogida:roles';
/** Metadata key of `Public`. */
export const PUBLIC_METADATA = 'acogida:public';

/** Names the roles that may call the route (any one of them suffices). A route without it is refused to everybody. */
export const Roles = (...roles: [Role, ...Role[]]): ClassDecorator & MethodDecorator =>
  SetMetadata(ROLES_METADATA, roles);

/** Opens a route to callers without a token: health, the OpenAPI document, and what proves by other means who calls. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC_METADATA, true);
