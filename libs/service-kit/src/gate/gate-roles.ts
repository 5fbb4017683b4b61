import type { Role } from '../auth/roles.ts';
import { CASE_STAFF } from '../auth/roles.ts';

/** Who may have somebody leave, and confirms at the door. */
export const REMOVING_ROLES = ['border-officer', 'supervisor'] as const satisfies readonly Role[];
/** Who may call a departure off: whoever meets the person. */
export const CALLING_OFF_ROLES = [...CASE_STAFF, 'legal-counsel'] as const satisfies readonly Role[];
/** Who may tell that somebody was made to leave without a warrant: a fact is refused to nobody who works on cases. */
export const REPORTING_ROLES = CALLING_OFF_ROLES;
/** Who is shown how departures stand. */
export const GATE_SCREEN_ROLES = [...CALLING_OFF_ROLES, 'coordinator'] as const satisfies readonly Role[];
