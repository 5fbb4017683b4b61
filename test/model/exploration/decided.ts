import { DomainError } from '@acogida/core';

/** What a command causes; null where it is refused or changes nothing. */
export function decided<E>(decide: () => readonly E[]): readonly E[] | null {
  try {
    const events = decide();
    return events.length === 0 ? null : events;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
