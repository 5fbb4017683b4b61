import { describe, expect, it } from '@jest/globals';
import { gateProcedure, holdLedgerProcedure } from '@acogida/safeguards';
import { ClearanceService, GATE_KINDS, holdDesk, type NodeDefinition } from '@acogida/service-kit';
import { serviceDefinitions } from '../contracts/service-definitions.ts';

const definitions = [...(await serviceDefinitions()).values()];
const runs = (procedure: object) => (one: NodeDefinition) => one.procedures.some((known) => known === procedure);
const kindsOf = (found: readonly NodeDefinition[]): readonly string[] => found.map(({ kind }) => kind).sort();

describe('INV-02 services that keep a ledger of holds', () => {
  const desk = holdDesk([]);
  const keeping = definitions.filter(runs(holdLedgerProcedure));
  const names = (parts: readonly { readonly name: string }[] = []): readonly string[] => parts.map(({ name }) => name);

  it.each(keeping)('take all of the desk: $kind', (definition) => {
    expect(definition.channelServices).toContain(ClearanceService);
    expect(definition.controllers).toEqual(expect.arrayContaining([...desk.controllers]));
    expect(names(definition.migrations)).toEqual(expect.arrayContaining([...names(desk.migrations)]));
    expect(names(definition.inlineProjections)).toEqual(expect.arrayContaining([...names(desk.inlineProjections)]));
    expect(names(definition.contractProjections)).toEqual(expect.arrayContaining([...names(desk.contractProjections)]));
    const policies = names(definition.policies({ agencyId: 'cr-refugee-unit' } as never));
    expect(policies).toContain('when-halt-acknowledged-then-record');
    const rules = definition.deadlines?.filter(({ procedure }) => procedure === holdLedgerProcedure);
    expect(rules).toHaveLength(1);
  });

  it('are all whose gate asks its own ledger', () => {
    expect(keeping.length).toBeGreaterThanOrEqual(4);
    for (const gate of definitions.filter(runs(gateProcedure))) expect(keeping).toContain(gate);
  });
});

describe('S1 kinds that an authority takes for gates', () => {
  it('are those of the services that have one', () => {
    expect(kindsOf(definitions.filter(runs(gateProcedure)))).toEqual([...GATE_KINDS].sort());
  });
});
