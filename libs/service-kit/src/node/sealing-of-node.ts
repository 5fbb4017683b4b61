import { type InboxSealing, readingOf } from '@acogida/event-log';
import type { SealForOutbox } from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import type { LoggerService } from '@nestjs/common';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeContext } from '../node-definition.ts';
import type { CommandStore } from '../procedure-runner.ts';
import type { NodeCaseKeys } from './assemble-case-keys.ts';
import { type CaseKeysParts, createCaseKeys } from './case-keys-of-node.ts';
import { sealForOutbox } from './seal-for-outbox.ts';

/** What seals and opens the events of a node. */
export interface NodeSealing {
  /** Null where the node seals with the key of the network. */
  readonly caseKeys: NodeCaseKeys | null;
  readonly sealing: InboxSealing;
  /** With the key of the network; the keys of cases stand before it. */
  readonly seal: SealForOutbox;
}

/** What is made later than those who ask for it. */
export interface Made {
  context?: NodeContext;
  store?: CommandStore;
  onEffect?: () => void;
}

/** The node, once it is made. @throws Error before that */
export function contextOf({ context }: Made): NodeContext {
  if (context === undefined) throw new Error('the node is not made yet');
  return context;
}

/** Makes what seals and opens the node's events. Closes the connections when that cannot be had. */
export async function createSealing(
  configuration: NodeConfiguration,
  {
    close,
    ...parts
  }: Pick<CaseKeysParts, 'pool' | 'clock' | 'ids' | 'keys' | 'trust'> & { readonly close: () => Promise<void> },
  made: Made,
  logger: LoggerService,
): Promise<NodeSealing> {
  const sealer = new DevelopmentSealer(configuration.sealingKey);
  const seal = sealForOutbox(sealer, configuration.agencyId);
  try {
    const caseKeys = createCaseKeys(configuration, {
      ...parts,
      context: () => contextOf(made),
      onEffect: () => made.onEffect?.(),
      onRefused: (code) => {
        logger.warn({ msg: 'no offer key was published', code });
      },
      onMisaligned: (error) => {
        logger.warn({
          msg: 'circles could not be brought in line with the network yet',
          failure: describeError(error),
        });
      },
      onLeftOut: ({ count, codes }) => {
        logger.warn({ msg: 'circles of some cases could not be brought in line with the network yet', count, codes });
      },
    });
    await caseKeys?.load();
    return { caseKeys, sealing: caseKeys?.sealing ?? readingOf(sealer), seal };
  } catch (error) {
    await close();
    throw error;
  }
}
