import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { NodeMetrics } from './metrics.ts';

const folder = resolve(import.meta.dirname, '../../../../deploy/observability');
const METRIC = /\b(?:acogida|nodejs|process)_[a-z0-9_]+/g;

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}
interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const { panels } = JSON.parse(readFileSync(`${folder}/grafana/acogida.json`, 'utf8')) as { panels: readonly Panel[] };
const { groups } = parse(readFileSync(`${folder}/alerts.yml`, 'utf8')) as RuleFile;
const expressions = {
  dashboard: panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => expr)),
  alerts: groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
};
const offered = new Set<string>();

/** The metrics that an expression reads; a histogram's series are those of the histogram. */
function metricsIn(expression: string): readonly string[] {
  return (expression.match(METRIC) ?? []).map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

beforeAll(() => {
  const metrics = new NodeMetrics({ agencyId: 'cr-border-intake', kind: 'intake' });
  metrics.observeProcess();
  for (const name of metrics.names()) offered.add(name);
});

describe.each(['dashboard', 'alerts'] as const)('the %s', (where) => {
  it('reads only metrics that a node has', () => {
    const read = expressions[where].flatMap(metricsIn);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter((name) => !offered.has(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('shows every metric of a node', () => {
    const shown = new Set(expressions.dashboard.flatMap(metricsIn));
    expect([...offered].filter((name) => name.startsWith('acogida_') && !shown.has(name))).toEqual([]);
  });

  it('gives each panel an id of its own and an expression', () => {
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
    for (const panel of panels.filter(({ type }) => type !== 'row')) expect(panel.targets?.length).toBeGreaterThan(0);
  });
});

describe('the names of a node', () => {
  it('say the unit, and are its own', () => {
    const own = [...offered].filter((name) => name.startsWith('acogida_'));
    expect(own.length).toBeGreaterThan(15);
    expect(expressions.alerts.flatMap(metricsIn)).toContain('acogida_inbox_stale');
    for (const name of own) expect(name).toMatch(/^acogida_[a-z]+(_[a-z]+)*$/);
  });
});
