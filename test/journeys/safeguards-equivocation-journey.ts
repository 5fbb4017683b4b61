import { expect, it } from '@jest/globals';
import {
  EmbeddedEventLog,
  type EventLog,
  HEAD_HEADER,
  KafkaEventLog,
  type LogRecord,
  topicOf,
} from '@acogida/event-log';
import type { RunFile } from '@acogida/operations';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standingAlone, underNewId } from '../adversary/forged-records.ts';
import { COMAR, INTAKE } from './referral-scene.ts';
import type { RunningPlatform } from './running-platform.ts';
import type { SafeguardsScene } from './safeguards-scene.ts';

const MINUTES = 60_000;

function openLog({ driver, databaseUrl, brokers }: RunFile['log']): EventLog {
  return driver === 'kafka'
    ? new KafkaEventLog({ brokers: [...brokers], clientId: 'journey' })
    : new EmbeddedEventLog({ databaseUrl: databaseUrl ?? '' });
}

/** An agency says another thing under the last number that it gave, signed by its own key. */
async function equivocate(platform: RunningPlatform, agency: string): Promise<void> {
  const log = openLog((await platform.run()).log);
  try {
    const said: LogRecord[] = [];
    for await (const page of log.read(topicOf(agency), 0n))
      said.push(...page.filter(({ headers }) => !(HEAD_HEADER in headers)));
    const last = said.at(-1);
    if (last === undefined) throw new Error(`${agency} has said nothing yet`);
    const key = createPrivateKey(await readFile(join(platform.dataDir, 'keys', `${agency}.signing.pem`)));
    await log.publish(topicOf(agency), [standingAlone(key, last, underNewId(last))]);
  } finally {
    await log.close();
  }
}

/** An agency that contradicts itself is heard no more, and nobody leaves whom it has a say in; it stays so, so that this comes last. */
export function describeEquivocation(of: () => SafeguardsScene): void {
  it(
    'INV-02 an agency that contradicts itself: stopped with an alarm, and whoever it has a say in does not leave',
    async () => {
      const scene = of();
      const { platform, agencies } = scene;
      const [known, unknown] = [await scene.register(), await scene.register()];
      const door = scene.expulsionOf(known);
      const referral = await scene.referAndAccept(known.caseId, COMAR);
      await scene.lodgeAsylum(known.caseId, COMAR, referral.id);
      const { holds } = await scene.protection(COMAR, known.caseId);
      await scene.isProtected(INTAKE, known.caseId, { status: 'HELD_ELSEWHERE' });
      await scene.liftByTwo(COMAR, known.caseId, holds[0]?.holdId ?? '', 'FINAL_DECISION');
      await scene.isWarranted(door);

      await equivocate(platform, COMAR);
      await scene.isRefused(door, [
        { refusal: 'AUTHORITY_EQUIVOCATES', authority: COMAR, nextStep: 'SECURITY_OFFICER' },
      ]);
      await scene.hasRaised(INTAKE, 'equivocation');
      const [cursor] = await agencies.rowsAt(INTAKE, 'SELECT status FROM inbox.source_cursor WHERE source = $1', [
        COMAR,
      ]);
      expect(cursor).toEqual({ status: 'stopped' });

      const free = scene.expulsionOf(unknown);
      await scene.leaves(free, await scene.isWarranted(free));
    },
    2 * MINUTES,
  );
}
