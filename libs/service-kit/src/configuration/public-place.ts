import type { NodeEnvironment } from './environment.ts';

/** Where a node is reached from outside. */
export interface PublicPlace {
  /** Where other agencies' nodes ask it, without a slash at its end; left out: they cannot. */
  readonly publicUrl?: string;
  /** Where agencies without a node reach their answer pages, without a slash at its end; left out: there are none. */
  readonly answerLinks?: { readonly publicUrl: string };
}

/** The place of an environment that was found valid. */
export function publicPlaceOf({ PUBLIC_URL, ANSWER_LINKS }: NodeEnvironment): PublicPlace {
  if (PUBLIC_URL === undefined) return {};
  const publicUrl = PUBLIC_URL.replace(/\/+$/, '');
  return { publicUrl, ...(ANSWER_LINKS === 'on' ? { answerLinks: { publicUrl } } : {}) };
}
