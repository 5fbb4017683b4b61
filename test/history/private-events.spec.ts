import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contractDataFault, contractFileOf, isContractType } from '@acogida/contracts';
import { type JsonObject, upcastToCurrent } from '@acogida/core';
import { type AnyProcedure, copiesOf } from '@acogida/event-store';
import {
  caseGrantProcedure,
  caseKeysProcedure,
  erasureProcedure,
  nodeAddressProcedure,
  offerKeysProcedure,
} from '@acogida/service-kit';
import { JUDGES_RELEASE, serviceDefinitions } from '../contracts/service-definitions.ts';

// What stands in the stores of running nodes: an event of every type and version that a release wrote. Streams are never
// rewritten (ARCHITECTURE.md, Invariants), so today's code must read each of them. README.md says how to add one.

interface HistoricalEvent {
  readonly type: string;
  readonly schemaVersion: number;
  /** Events of the same folder that went before it in its stream, `screening-opened.v1`. */
  readonly after?: readonly string[];
  readonly data: JsonObject;
}

interface DomainEvent {
  readonly type: string;
  readonly data: JsonObject;
}

const definitions = await serviceDefinitions();
const ANY_KEY = 'A'.repeat(43);
/** What every node runs beside the procedures of its service. */
const ofEveryNode: readonly AnyProcedure[] = [
  caseKeysProcedure(() => ANY_KEY),
  caseGrantProcedure(() => ANY_KEY),
  offerKeysProcedure,
  erasureProcedure,
  nodeAddressProcedure,
];
const procedures = new Map<string, AnyProcedure>(
  [...[...definitions.values()].flatMap((definition) => definition.procedures), ...ofEveryNode].map(
    (procedure) => [procedure.name, procedure] as const,
  ),
);

const folderOf = (procedure: string): string => join(import.meta.dirname, procedure);

function read(procedure: string, name: string): HistoricalEvent {
  return JSON.parse(readFileSync(join(folderOf(procedure), name), 'utf8')) as HistoricalEvent;
}

function filesOf(procedure: string): readonly string[] {
  const folder = folderOf(procedure);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

function lift({ versions, upcasters }: AnyProcedure, event: HistoricalEvent): DomainEvent {
  return { type: event.type, data: upcastToCurrent(event, versions, upcasters) };
}

/** Versions that must be kept here: all that are no longer written, and when a release is judged those written now too. */
function owed({ versions }: AnyProcedure): readonly string[] {
  return Object.entries(versions as Readonly<Record<string, number>>).flatMap(([type, current]) =>
    Array.from({ length: JUDGES_RELEASE ? current : current - 1 }, (_, index) => contractFileOf(type, index + 1)),
  );
}

describe('the history of private events', () => {
  it('is of procedures that are still there', () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !procedures.has(name))).toEqual([]);
    expect(folders.length).toBeGreaterThanOrEqual(6);
  });

  it.each([...procedures.values()])('holds what $name owes', (procedure) => {
    const missing = owed(procedure).filter((name) => !filesOf(procedure.name).includes(name));
    expect(
      missing.map((name) => `test/history/${procedure.name}/${name} is missing: add an event as it was written`),
    ).toEqual([]);
  });
});

const events = [...procedures.values()].flatMap((procedure) =>
  filesOf(procedure.name).map((name) => ({ procedure, name, place: `${procedure.name}/${name}` })),
);

describe.each(events)('$place', ({ procedure, name }) => {
  const event = read(procedure.name, name);
  const before = (event.after ?? []).map((earlier) => lift(procedure, read(procedure.name, `${earlier}.json`)));

  it('is named after its type and version', () => {
    expect(name).toBe(contractFileOf(event.type, event.schemaVersion));
  });

  it('is lifted to the current version, folded, and changes the state', () => {
    const { initialState, evolve } = procedure.decider;
    const reached: unknown = before.reduce<unknown>((state, earlier) => evolve(state, earlier), initialState);
    const state: unknown = evolve(reached, lift(procedure, event));
    expect(state).toEqual(expect.any(Object));
    expect(state).not.toEqual(reached);
  });

  it('publishes nothing, or what the contract of today accepts', () => {
    const { initialState, evolve } = procedure.decider;
    const now = lift(procedure, event);
    const state: unknown = [...before, now].reduce<unknown>((folded, each) => evolve(folded, each), initialState);
    for (const { type, schemaVersion, data } of copiesOf(procedure.publish(now, state))) {
      expect(isContractType(type)).toBe(true);
      expect(isContractType(type) && contractDataFault(type, schemaVersion, data)).toBeUndefined();
    }
  });
});
