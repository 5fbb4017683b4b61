import type { ContractProjection, Inbox, LogRecord } from '@acogida/event-log';
import type { LiveTrust } from './live-trust.ts';
import { mayChangeTrust } from './trust-events.ts';
import type { WaitingRotations } from './waiting-rotations.ts';

/**
 * Takes in the statements of trust that others publish, in the transaction of their batch. One that does not hold fails: its
 * event is quarantined, with an alarm, and changes nothing. A rebuild leaves it out: what was taken in stays.
 */
export function trustProjection(trust: Pick<LiveTrust, 'takeIn'>): ContractProjection {
  return {
    name: 'trust',
    apply: async ({ opened }, transaction) => {
      for (const { source, number, payload } of opened) {
        await trust.takeIn(transaction, { source, number, type: payload.type, data: payload.data });
      }
    },
    reset: async () => {},
  };
}

/**
 * An inbox that judges each record by the trust that those before it made: what follows a rotation in one delivery is signed
 * by a key that this very rotation brings.
 */
export function followingTrust(
  inbox: Pick<Inbox, 'receive'>,
  trust: Pick<LiveTrust, 'refresh'>,
  waiting: Pick<WaitingRotations, 'retry'>,
): Pick<Inbox, 'receive'> {
  return {
    receive: async (topic, records) => {
      let run: LogRecord[] = [];
      for (const record of records) {
        run.push(record);
        if (!mayChangeTrust(record.value)) continue;
        await inbox.receive(topic, run);
        await trust.refresh();
        run = [];
      }
      if (run.length > 0 || records.length === 0) await inbox.receive(topic, run);
      await waiting.retry();
    },
  };
}
