import { canonicalText, GENESIS_HEAD, publishedHeadAfter } from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agencies } from './agencies.ts';
import type { RunningPlatform } from './running-platform.ts';

/** What another release of an agency's software would say. */
export interface OtherRelease {
  readonly type: string;
  readonly data: object;
  /** A case of its own where left out. */
  readonly caseId?: string;
  /** Drawn where left out. */
  readonly id?: string;
  readonly causation?: { readonly source: string; readonly id: string };
}

/** Puts an event of class `case` into an agency's outbox as another release of its software would, so that the agency publishes it. */
export async function publishFromAnotherRelease(
  platform: RunningPlatform,
  agencies: Agencies,
  source: string,
  { type, data, caseId = randomUUID(), id = randomUUID(), causation }: OtherRelease,
): Promise<void> {
  const key = await readFile(join(platform.dataDir, 'keys', 'sealing.key'), 'utf8');
  const sealer = DevelopmentSealer.fromBase64(key.trim());
  const now = new Date().toISOString();
  const chained = {
    ...{ type, schemaVersion: 1, caseId, data: data as never, occurredAt: now, recordedAt: now },
    ...{ stream: `planted-${randomUUID()}`, version: 1, privateHead: GENESIS_HEAD, correlationId: randomUUID() },
    ...{ causation: causation ?? null, clock: `${Date.parse(now)}-000000` },
  };
  const text = canonicalText({ ...chained, publishedHead: publishedHeadAfter(GENESIS_HEAD, chained) });
  const sealed = sealer.seal({ id, source, class: 'case', caseId, text });
  await agencies.rowsAt(
    source,
    `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
     VALUES ($1, $2, 1, 'case', $3, $4, $5, $6, $7)`,
    [id, chained.stream, sealed.subject, sealed.keyId, sealed.data, now, chained.clock],
  );
}
