/** Injection token of the `LeaseTerms` that this node grants clearances with. */
export const LEASE_TERMS = Symbol('acogida.lease-terms');
