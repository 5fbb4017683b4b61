import type { Clock, JsonObject } from '@acogida/core';
import { type ReferralCommand, referralProcedure } from '@acogida/referral';
import type { CommandContext } from '../http/command-context.ts';
import type { CommandRunner } from '../http/command-runner.ts';
import type { NodeContext } from '../node-definition.ts';

/** Who acts, and when. */
export function acting(node: NodeContext, clock: Clock): { readonly by: string; readonly now: string } {
  return { by: node.agencyId, now: clock.now() };
}

/** Runs a step on a referral that exists, and answers how far it then is. */
export function runStep(
  commands: CommandRunner,
  id: string,
  context: CommandContext,
  command: ReferralCommand,
): Promise<JsonObject | null> {
  return commands.run({
    procedure: referralProcedure,
    id,
    context,
    status: 200,
    command,
    body: ({ version, state }) => ({ id, version, state: state?.status }),
  });
}
