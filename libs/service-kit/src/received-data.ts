import type { ReceivedEvent } from '@acogida/event-log';

/** What a received event says, as its policy knows it: the contract reader held it against the schema of its type. */
export function dataOf<D>(event: ReceivedEvent): D {
  return event.payload.data as unknown as D;
}
