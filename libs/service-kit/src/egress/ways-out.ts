import { SetMetadata } from '@nestjs/common';

/**
 * Ways by which something of a person can leave an agency (architecture.md §5, §8). Each is judged by consent and deny rules
 * before anything goes.
 */
export const WAYS_OUT = [
  /** A referral is sent. */
  'OFFER',
  /** A referral is answered, or added to: both agencies have it already, and what is new is judged again. */
  'CHANNEL_WORD',
  /** A referral goes to another agency after the first could not. */
  'REROUTE',
  /** Another agency is asked for a case: it is told no more than that the person is known here. */
  'TRANSFER_REQUEST',
  /** A page for an agency without a node. */
  'LINK_PAGE',
  /** The record in the words of HL7 FHIR, for systems elsewhere. */
  'FHIR_EXPORT',
  /** The person takes it along. */
  'RECEIPT',
] as const;
/** One of `WAYS_OUT`. */
export type WayOut = (typeof WAYS_OUT)[number];

/** Metadata key of `WayOut` and `StaysHere`. */
export const WAY_METADATA = 'acogida:way-out';

/** What a route says of itself. */
export type RouteWay = { readonly out: WayOut } | { readonly staysHere: true };

/** The route is a way out: it hands something of a person to another agency, or leads to that. */
export const LeadsOut = (out: WayOut): MethodDecorator => SetMetadata(WAY_METADATA, { out } satisfies RouteWay);

/**
 * What the route answers goes to this agency's own staff, and what it records goes to others only as the contract of its
 * procedure says. A route names this or `LeadsOut`; one that names neither is refused by the spec of the services.
 */
export const StaysHere = (): MethodDecorator => SetMetadata(WAY_METADATA, { staysHere: true } satisfies RouteWay);
