import type { NodeEnvironment } from './environment.ts';

/** How far a node goes in asking others, and in answering them. */
export interface ChannelLimits {
  /** Questions about clearances that one agency is answered in a minute; 600 where left out. */
  readonly clearanceQuestionsAMinute?: number;
  /** Where this node may ask others, null for what is public; anywhere where left out. */
  readonly channelHosts?: readonly string[] | null;
}

/** Where nothing is said of hosts, others are asked anywhere with keys of development, and where it is public for real cases. */
export function channelLimitsOf({
  CHANNEL_ALLOWED_HOSTS: allowed,
  CLEARANCE_QUESTIONS_A_MINUTE: clearanceQuestionsAMinute,
  KEYS_MODE,
}: NodeEnvironment): ChannelLimits {
  if (allowed !== undefined) return { clearanceQuestionsAMinute, channelHosts: allowed };
  return { clearanceQuestionsAMinute, ...(KEYS_MODE === 'development' ? {} : { channelHosts: null }) };
}
