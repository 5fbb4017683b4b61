import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { readContractPayload } from '../read-contract-payload.ts';

const fixture = async (name: string): Promise<object> =>
  JSON.parse(await readFile(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8')) as object;

it.each([
  ['TransferRequested', 'transfer-requested.v1', { urgency: 'ROUTINE', answerBy: null }],
  ['TransferRequestAnswered', 'transfer-request-answered.v1', { heldBy: null }],
])('version 1 of %s is read with what it left unsaid', async (type, name, unsaid) => {
  const said = await fixture(name);
  const payload = {
    ...{ type, schemaVersion: 1, caseId: '00000000-0000-4000-8000-00000000000a', data: said },
    ...{
      occurredAt: '2026-11-22T09:00:00.000Z',
      recordedAt: '2026-11-22T09:00:01.000Z',
      stream: 'sample-1',
      version: 1,
    },
    ...{ publishedHead: 'a'.repeat(64), privateHead: 'b'.repeat(64), clock: '1795338000000-000000' },
    correlationId: '00000000-0000-4000-8000-00000000000b',
    causation: null,
  };
  expect(readContractPayload(payload)).toMatchObject({ status: 'ok', payload: { data: { ...said, ...unsaid } } });
});
