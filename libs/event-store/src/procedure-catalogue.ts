import { UnknownEventVersionError, upcastToCurrent } from '@acogida/core';
import { UnknownStreamError } from './errors.ts';
import type { AnyProcedure, RecordedEvent } from './port.ts';

/** Which procedure owns a stream, and so which versions and upcasters its events have. */
export class ProcedureCatalogue {
  readonly #procedures: readonly AnyProcedure[];

  constructor(procedures: readonly AnyProcedure[]) {
    // The longest name first: `case-intake-…` belongs to `case-intake` even where a procedure is called `case`.
    this.#procedures = procedures.toSorted((left, right) => right.name.length - left.name.length);
  }

  /** @throws UnknownStreamError */
  ownerOf(stream: string): AnyProcedure {
    const owner = this.#procedures.find((procedure) => stream.startsWith(`${procedure.name}-`));
    if (owner === undefined) throw new UnknownStreamError(stream);
    return owner;
  }

  /** Only the current version of a known type is ever written. @throws UnknownStreamError, UnknownEventVersionError */
  assertCurrent(stream: string, event: { readonly type: string; readonly schemaVersion: number }): void {
    const { versions } = this.ownerOf(stream);
    if (!Object.hasOwn(versions, event.type) || versions[event.type] !== event.schemaVersion) {
      throw new UnknownEventVersionError(event.type, event.schemaVersion);
    }
  }

  /** The event with its data at the current version. @throws UnknownStreamError, UnknownEventVersionError */
  lifted(event: RecordedEvent): RecordedEvent {
    const { versions, upcasters } = this.ownerOf(event.stream);
    if (Object.hasOwn(versions, event.type) && versions[event.type] === event.schemaVersion) return event;
    const data = upcastToCurrent(event, versions, upcasters);
    return { ...event, schemaVersion: versions[event.type] ?? event.schemaVersion, data };
  }
}
