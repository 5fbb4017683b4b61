import { describe, expect, it } from '@jest/globals';
import { DevelopmentSealer } from '@acogida/sealing';
import type { Envelope } from './envelope.ts';
import type { InboxSealing } from './inbox-port.ts';
import { openEnvelope, readingOf } from './inbox-sealing.ts';

const event = { id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4', source: 'cr-border-intake', class: 'case', text: '{}' };
const sealer = new DevelopmentSealer(Buffer.alloc(32, 1));
const sealed = sealer.seal({ ...event, caseId: '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12' });
const envelope = { ...event, ...sealed } as unknown as Envelope;
const SEALED_FOR_US = { kind: 'sealed', addressed: true };

describe('what does not open', () => {
  it('was to this agency, too, where one secret is all keys and another one was used', async () => {
    expect(await openEnvelope(readingOf(sealer), envelope)).toMatchObject({ kind: 'opened', text: '{}' });
    const other = readingOf(new DevelopmentSealer(Buffer.alloc(32, 2)));
    expect(await openEnvelope(other, envelope)).toEqual(SEALED_FOR_US);
  });

  it('was to this agency where the key that it wants does not come', async () => {
    const loads: object[] = [];
    const wanting: InboxSealing = {
      prepare: async () => {},
      load: async (wanted) => void loads.push(wanted),
      read: () => ({ kind: 'wanting', wanted: { memberHints: ['hint'] } }),
    };
    expect(await openEnvelope(wanting, envelope)).toEqual(SEALED_FOR_US);
    expect(loads).toEqual([{ memberHints: ['hint'] }]);
  });
});
