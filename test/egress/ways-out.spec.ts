import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { httpControllersOf, type RouteWay, WAY_METADATA, WAYS_OUT } from '@acogida/service-kit';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { serviceDefinitions } from '../contracts/service-definitions.ts';

interface Route {
  readonly name: string;
  readonly way: RouteWay | undefined;
}

function routesOf(controller: Type): readonly Route[] {
  const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((key) => {
    const handler = prototype[key] as object;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const path = (Reflect.getMetadata(PATH_METADATA, handler) as string).replace(/^\/$/, '');
    const way = Reflect.getMetadata(WAY_METADATA, handler) as RouteWay | undefined;
    return [{ name: `${RequestMethod[method]} /${prefix}${path === '' ? '' : `/${path}`}`, way }];
  });
}

async function allRoutes(): Promise<readonly Route[]> {
  const definitions = [...(await serviceDefinitions()).values()];
  const controllers = new Set(definitions.flatMap((definition) => [...httpControllersOf(definition)]));
  return [...controllers].flatMap(routesOf);
}

/**
 * Every way out of an agency that exists. Whoever adds one says here by which way it leads, and has it judged by `Egress` with
 * a case in the specs of libs/service-kit/src/egress.
 */
const LEADING_OUT: Readonly<Record<string, readonly string[]>> = {
  OFFER: ['POST /v1/referral-drafts/:id/sending', 'POST /v1/referral-groups', 'POST /v1/referrals'],
  CHANNEL_WORD: ['POST /v1/referrals/:id/information'],
  REROUTE: ['POST /v1/referrals/:id/rerouting'],
  TRANSFER_REQUEST: ['POST /v1/transfer-requests'],
  LINK_PAGE: ['GET /answer/:token', 'POST /answer/:token', 'POST /v1/referrals/:id/links'],
  FHIR_EXPORT: ['GET /v1/referrals/:id/fhir'],
  RECEIPT: ['GET /v1/consents/:id/receipt'],
};

describe('INV-05 INV-17 every route of every service', () => {
  it('says whether it is a way out or stays here', async () => {
    const routes = await allRoutes();
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter(({ way }) => way === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('that is a way out is one of these', async () => {
    const routes = await allRoutes();
    const found = WAYS_OUT.map((out) => [
      out,
      routes.flatMap(({ name, way }) => (way !== undefined && 'out' in way && way.out === out ? [name] : [])).sort(),
    ]);
    expect(Object.fromEntries(found)).toEqual(LEADING_OUT);
  });
});
