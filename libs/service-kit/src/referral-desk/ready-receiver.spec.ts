import { describe, expect, it } from '@jest/globals';
import type { NodeContext } from '../node-definition.ts';
import { isReadyReceiver, requireReadyReceiver } from './ready-receiver.ts';

const OWN = 'cr-border-intake';

describe('whether a referral can be sealed to its receiver', () => {
  let refreshed = 0;

  /** @param ready agencies with a key of the week, and those of which one is found when it is looked for */
  function node(ready: readonly string[], found: readonly string[] = []): NodeContext {
    refreshed = 0;
    const members = [OWN, 'cr-conatt'].map((agencyId) => ({ agencyId }));
    const peers = {
      isReady: (agency: string) => [...ready, ...(refreshed > 0 ? found : [])].includes(agency),
      refresh: async () => void (refreshed += 1),
    };
    return { agencyId: OWN, peers, members: () => members } as unknown as NodeContext;
  }

  it('is whether it published a key for offers of now', async () => {
    await requireReadyReceiver(node(['cr-conatt']), 'cr-conatt');
    expect(refreshed).toBe(0);
    expect(isReadyReceiver(node([]), 'cr-conatt')).toBe(false);
    const refused = requireReadyReceiver(node([]), 'cr-conatt');
    await expect(refused).rejects.toMatchObject({ code: 'REFERRAL.RECEIVER_UNREADY', kind: 'conflict' });
  });

  it('is looked for once more before it is refused', async () => {
    await requireReadyReceiver(node([], ['cr-conatt']), 'cr-conatt');
    expect(refreshed).toBe(1);
  });

  it('is of no matter for an agency without a node, for this one, and where there are no keys of cases', async () => {
    await requireReadyReceiver(node([]), 'cr-casa');
    await requireReadyReceiver(node([]), OWN);
    const { peers: _, ...development } = node([]);
    await requireReadyReceiver(development, 'cr-conatt');
  });
});
