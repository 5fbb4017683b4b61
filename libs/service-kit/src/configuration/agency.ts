import type { Admission } from '@acogida/ledger';

/** Form of an agency id: it stands in topic names, streams and token claims. */
export const AGENCY_ID_FORMAT = /^[a-z][a-z0-9-]{1,39}$/;

/** Who a node is, as the roots of the network admitted it. */
export type NodeAgency = { readonly agencyId: string } & Pick<Admission, 'kind' | 'name' | 'jurisdiction'>;
