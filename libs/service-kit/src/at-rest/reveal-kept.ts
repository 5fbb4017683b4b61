import type { KeptPlace } from '@acogida/event-store';
import { BrokenSealError, revealEvent, revealText, type SealingKey } from '@acogida/sealing';

/** Decrypts what the tables hold, in whichever form. @throws BrokenSealError it is kept otherwise, under another key or in another place */
export function revealKept(key: SealingKey, place: KeptPlace, kept: string | Buffer): string {
  if (typeof kept === 'string') return revealText(key, place, kept);
  if (place.use !== 'event') throw new BrokenSealError('only events are kept in bytes');
  return revealEvent(key, place, kept);
}
