import { randomUUID } from 'node:crypto';
import type { TestReply } from '@acogida/testing/node';
import { createTestNetwork } from '@acogida/testing/node';
import { erasureProcedure, type KeysMode } from '@acogida/service-kit';
import { type AgencyNetworkOptions, COMAR, CONATT, INTAKE, OMBUDSMAN } from '../network/agency-network.ts';
import { CaseNetwork } from '../network/case-network.ts';

export { COMAR, CONATT, INTAKE, OMBUDSMAN, PATIENCE_MS } from '../network/agency-network.ts';

/** Agencies of the network. */
export const AGENCIES = [OMBUDSMAN, INTAKE, CONATT, COMAR] as const;

export const OFFICER = { roles: ['data-protection-officer'] } as const;
/** Long enough for a receipt on its way to a retired offer key, in milliseconds. */
const GRACE_MS = 3_000;
/** Whether there are keys of a case, own or granted. */
export const HAS_KEYS = `
  SELECT case_id FROM keys.case_key WHERE case_id = $1 UNION SELECT case_id FROM keys.own_epoch WHERE case_id = $1`;

/** Four agencies that erase cases. */
export class ErasureNetwork extends CaseNetwork {
  /** Starts all agencies; resolves once each can seal to each of the others. */
  static async start(
    keysMode: KeysMode,
    options: Omit<AgencyNetworkOptions, 'keysMode'> = {},
  ): Promise<ErasureNetwork> {
    const all = { keysMode, erasureGraceMs: GRACE_MS, ...options };
    const started = new ErasureNetwork(await createTestNetwork(), all);
    for (const agency of AGENCIES) await started.join(agency);
    return started;
  }

  /** A case of the intake agency with something said of it. */
  override async openCase(): Promise<string> {
    const caseId = await super.openCase();
    await this.informOfRights(caseId);
    return caseId;
  }

  /** Orders an erasure. */
  order(caseId: string, agency = INTAKE): Promise<TestReply> {
    return this.does(agency, '/v1/erasures', { caseId, basis: 'PERSON_REQUEST' }, OFFICER);
  }

  /** An order of an agency that has nothing of the case, as it would be written by whoever can write its topic. */
  async forgeOrder(agency: string, caseId: string): Promise<void> {
    const { context } = this.at(agency).node.runtime;
    const sealedTo = AGENCIES.filter((other) => other !== agency);
    const copies = this.keysMode === 'cases' ? { toCircle: false, sealedTo } : { toCircle: true, sealedTo: [] };
    const order = { erasureId: randomUUID(), caseId, by: agency, officer: `${agency}.officer`, owedBy: [] };
    await context.handler.execute({
      ...{ procedure: erasureProcedure, id: caseId, actor: `${agency}.officer` },
      ...{ command: { type: 'OrderErasure', ...order, basis: 'PERSON_REQUEST', copies, now: context.clock.now() } },
      ...{ correlationId: randomUUID(), causation: null },
    });
  }

  /** How many events of an agency's topic another one quarantined. */
  async refusedFrom(agency: string, source: string): Promise<number> {
    const { rows } = await this.at(agency).pool.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM inbox.event WHERE source = $1 AND state = 'quarantined'",
      [source],
    );
    return rows[0]?.count ?? 0;
  }

  /** Whether an agency has keys of a case. */
  async holds(agency: string, caseId: string): Promise<boolean> {
    const { rows } = await this.databaseOf(agency).pool.query(HAS_KEYS, [caseId]);
    return rows.length > 0;
  }

  async erasureAt(agency: string, caseId: string): Promise<TestReply> {
    return this.at(agency).get(`/v1/erasures/${caseId}`, OFFICER);
  }
}
