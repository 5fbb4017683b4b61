import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contractCatalogue } from '@acogida/contracts';
import { type Removal, REMOVALS } from '@acogida/reference';
import { gateProcedure, gateVersions } from '@acogida/safeguards';
import { httpControllersOf, type NodeDefinition, OWN_REMOVALS } from '@acogida/service-kit';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { serviceDefinitions } from '../contracts/service-definitions.ts';

const ROOT = join(import.meta.dirname, '../..');
const definitions = [...(await serviceDefinitions()).values()];

/** What a definition gives under an injection token. */
function provided(definition: NodeDefinition, token: symbol): unknown {
  const found = definition.providers.find((one) => typeof one === 'object' && one.provide === token);
  return found !== undefined && 'useValue' in found ? found.useValue : undefined;
}

const hasGate = ({ procedures }: NodeDefinition): boolean => procedures.some((one) => one === gateProcedure);

/** Words for leaving a country, in names of events and of routes. */
const LEAVING =
  /depart|expel|expuls|deport|remov(al|ed)|transfer-?abroad|transferred-?abroad|refus\w*-?(of-?)?entry|board(ed|ing)/i;

/** Events that say of somebody that they left, or did not, and are no case of a gate: each with what keeps it honest. */
const TOLD_ELSEWHERE: Readonly<Record<string, string>> = {
  'hold-ledger.DepartureOvertaken': 'an authority notes what a gate answered',
  'hold-ledger.OvertakenDepartureTakenBack': 'an authority notes what a gate answered then',
  'return-case.DepartureConfirmed': 'written together with the gate’s, or not at all',
  'return-case.DepartureTakenBack': 'written together with the gate’s, or not at all',
};

/** Contract events of that kind. */
const TOLD_TO_OTHERS: Readonly<Record<string, string>> = {
  ReturnDepartureConfirmed: 'of return-case.DepartureConfirmed',
  ReturnDepartureTakenBack: 'of return-case.DepartureTakenBack',
  MemberRemoved: 'an agency leaves a circle',
};

function routesOf(definition: NodeDefinition): readonly string[] {
  return httpControllersOf(definition).flatMap((controller) => {
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const prototype = controller.prototype as Record<string, object>;
    return Object.getOwnPropertyNames(prototype).flatMap((key) => {
      const handler = prototype[key] as object;
      if (Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return [];
      const path = String(Reflect.getMetadata(PATH_METADATA, handler)).replace(/^\/$/, '');
      return [`${controller.name} /${prefix}/${path}`];
    });
  });
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

describe('INV-01 INV-02 every way by which somebody is made to leave, or leaves by return', () => {
  it('passes the gate of one service kind', () => {
    const owners = definitions
      .filter(hasGate)
      .map((one): [string, readonly Removal[]] => [one.kind, provided(one, OWN_REMOVALS) as readonly Removal[]]);
    expect(Object.fromEntries(owners)).toEqual({
      intake: ['EXPULSION', 'REFUSAL_OF_ENTRY', 'TRANSFER_ABROAD'],
      'return-reintegration': ['RETURN_DEPARTURE'],
    });
    expect(owners.flatMap(([, removals]) => removals).sort()).toEqual([...REMOVALS].sort());
  });

  it('is written down by the gate, and elsewhere only beside it', () => {
    const events = definitions.flatMap(({ procedures }) =>
      procedures.flatMap(({ name, versions }) => Object.keys(versions as object).map((type) => `${name}.${type}`)),
    );
    const leaving = [...new Set(events)].filter((event) => LEAVING.test(event) && !event.startsWith('gate.'));
    expect(leaving.sort()).toEqual(Object.keys(TOLD_ELSEWHERE).sort());
    expect(
      Object.keys(gateVersions)
        .filter((type) => LEAVING.test(type))
        .sort(),
    ).toEqual([...['DepartureConfirmed', 'DepartureRefused', 'DepartureTakenBack', 'UnwarrantedDepartureReported']]);
    const contracts = Object.keys(contractCatalogue).filter((type) => LEAVING.test(type));
    expect(contracts.sort()).toEqual(Object.keys(TOLD_TO_OTHERS).sort());
  });

  it('has no route but those of the gate and of the procedure that asks it', () => {
    const routes = definitions.flatMap(routesOf).filter((route) => LEAVING.test(route.split(' ')[1] ?? ''));
    const controllers = new Set(routes.map((route) => route.split(' ')[0]));
    expect([...controllers].sort()).toEqual([
      ...['DepartureScreenController', 'DeparturesController', 'ReturnDeparturesController'],
    ]);
  });

  it('is decided by nobody else: only the gate, and who writes in one transaction with it, runs its commands', () => {
    const users = [...sourcesIn('libs/service-kit/src'), ...sourcesIn('services')].filter((file) =>
      /\bgate(Procedure|Decider)\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    const outside = users.filter((file) => !file.startsWith('libs/service-kit/src/gate/'));
    expect(outside.sort()).toEqual([
      'services/return-reintegration/src/http/return-departures.controller.ts',
      'services/return-reintegration/src/integration/beside-return-case.ts',
    ]);
    const returning = readFileSync(join(ROOT, outside[0] ?? ''), 'utf8');
    expect(returning).toMatch(/gate\.judgementOn\(/);
    expect(returning).toMatch(/gate\.openDoor\(/);
  });
});
