import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportSummary } from '@acogida/import';
import { SAMPLE_AGENCIES } from '@acogida/local';
import type { Reconciliation } from '@acogida/operations';
import { eventually } from '@acogida/testing';
import { ComposeProject, lastLineOf } from './compose-project.ts';

const MINUTES = 60_000;
const SAMPLE_ROWS = 40;

describe('the sample network by docker compose', () => {
  let project: ComposeProject;

  beforeAll(async () => {
    project = await ComposeProject.create();
    const { exitCode, stderr } = await project.run('up', '-d', '--build', '--wait');
    if (exitCode === 0) return;
    const { stdout: logs } = await project.run('logs', '--tail', '30', '--no-color');
    throw new Error(`docker compose up ended with ${exitCode}: ${stderr.slice(-4_000)}\n${logs}`);
  }, 15 * MINUTES);
  afterAll(() => project?.remove(), 3 * MINUTES);

  it(
    'takes a caseload in, from a container beside the nodes',
    async () => {
      const result = await project.tools('import', '--sample', '--json');
      expect({ exitCode: result.exitCode, stderr: result.exitCode === 0 ? '' : result.stderr }).toEqual({
        exitCode: 0,
        stderr: '',
      });
      expect(lastLineOf<ImportSummary>(result)).toMatchObject({
        rows: SAMPLE_ROWS,
        accepted: SAMPLE_ROWS,
        rejected: [],
      });
    },
    5 * MINUTES,
  );

  it(
    'reconciles: nothing lost, nothing twice, nothing out of order',
    async () => {
      const result = await project.tools('reconcile', '--wait', '120', '--json');
      expect(lastLineOf<Reconciliation>(result)).toMatchObject({
        ...{ lost: 0, duplicates: 0, outOfOrder: 0, quarantined: 0, equal: true },
      });
      expect(result.exitCode).toBe(0);
    },
    4 * MINUTES,
  );

  it(
    'answers outside with a token that was asked for inside, and lists every agency',
    async () => {
      const get = async (agency: string, role: string, path: string): Promise<unknown> => {
        const { stdout } = await project.tools('token', '--agency', agency, '--role', role);
        const headers = { authorization: `Bearer ${stdout.trim()}` };
        const address = `${await project.addressOf(agency)}${path}`;
        return eventually(async () => {
          const answer = await fetch(address, { headers });
          // as any client does: a node that is starved for a moment says when to ask again
          if (answer.headers.has('retry-after')) throw new Error(`${agency} answered ${answer.status}`);
          return { status: answer.status, body: await answer.json() };
        }, MINUTES);
      };
      expect(await get('cr-ombudsman', 'auditor', '/v1/cases?limit=1')).toMatchObject({
        status: 200,
        body: { items: [expect.objectContaining({ caseId: expect.any(String) })] },
      });
      const listed = (await get('regional-directory', 'coordinator', '/v1/agencies?limit=100')) as {
        body: { items: { agencyId: string }[] };
      };
      expect(listed.body.items.map(({ agencyId }) => agencyId).sort()).toEqual(
        SAMPLE_AGENCIES.map(({ agencyId }) => agencyId).sort(),
      );
    },
    4 * MINUTES,
  );

  it(
    'runs without privileges, on programs that it cannot change',
    async () => {
      const { stdout } = await project.run('exec', '-T', 'cr-conatt', 'id', '-u');
      expect(Number(stdout)).toBeGreaterThan(0);
      const written = await project.run('exec', '-T', 'cr-conatt', 'touch', '/acogida/services/x');
      expect(written.exitCode).not.toBe(0);
    },
    MINUTES,
  );

  it(
    'goes on with the same keys and data after it was stopped',
    async () => {
      expect((await project.run('stop')).exitCode).toBe(0);
      const { exitCode, stderr } = await project.run('up', '-d', '--wait');
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr.slice(-2_000) }).toEqual({ exitCode: 0, stderr: '' });
      const again = lastLineOf<ImportSummary>(await project.tools('import', '--sample', '--json'));
      expect(again).toMatchObject({ accepted: 0, alreadyPresent: SAMPLE_ROWS, rejected: [] });
      const result = await project.tools('reconcile', '--wait', '120', '--json');
      expect(lastLineOf<Reconciliation>(result)).toMatchObject({ lost: 0, equal: true });
    },
    6 * MINUTES,
  );
});
