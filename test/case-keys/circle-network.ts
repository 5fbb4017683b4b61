import { createTestNetwork } from '@acogida/testing/node';
import { type AgencyId, RETURN_UNIT } from '../network/agency-network.ts';
import { CaseNetwork } from '../network/case-network.ts';

export { COMAR, CONATT, DIRECTORY, INTAKE, OMBUDSMAN, REFUGEE_UNIT, RETURN_UNIT } from '../network/agency-network.ts';

/** Agencies with keys of cases. */
export class CircleNetwork extends CaseNetwork {
  /** Starts these agencies; resolves once each can seal to each of the others. */
  static async start(...agencies: readonly AgencyId[]): Promise<CircleNetwork> {
    const network = createTestNetwork([RETURN_UNIT, 'return-reintegration', 'CR']);
    const started = new CircleNetwork(await network, { keysMode: 'cases' });
    for (const agency of agencies) await started.join(agency);
    return started;
  }
}
