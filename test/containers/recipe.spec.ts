import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodePort, SAMPLE_AGENCIES } from '@acogida/local';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly restart: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period: string;
  readonly mem_limit: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly build?: { readonly dockerfile: string };
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('acogida:'));
const dockerfile = read('deploy/container/Dockerfile');
/** Instructions of the last stage: what runs. */
const runtime = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

describe('docker-compose.yml', () => {
  it.each(SAMPLE_AGENCIES.map((agency, index) => ({ ...agency, index })))(
    'has a node of its own for $agencyId',
    ({ agencyId, kind, index }) => {
      const node = compose.services[agencyId];
      expect(node?.command).toEqual([`services/${kind}/dist/main.js`]);
      expect(existsSync(join(root, 'services', kind, 'src/main.ts'))).toBe(true);
      expect(node?.environment).toMatchObject({
        AGENCY_ID: agencyId,
        PUBLIC_URL: `http://${agencyId}:8080`,
        CHANNEL_ALLOWED_HOSTS: '${CHANNEL_ALLOWED_HOSTS:-http://*}',
        DATABASE_URL: `postgres://acogida@postgres:5432/agency_${agencyId.replaceAll('-', '_')}`,
        SIGNING_KEY_FILE: `/acogida/.acogida/keys/${agencyId}.signing.pem`,
        LOG_DRIVER: 'kafka',
      });
      expect(node?.ports).toEqual([`127.0.0.1:${nodePort(7100, index)}:8080`]);
    },
  );

  it('keeps the nodes between the lines where a new one is inserted', () => {
    const nodes = text.split('  # nodes: one block per agency of deploy/local/sample-network.json\n')[1];
    const blocks = [...(nodes ?? '').split('\n  # end of nodes\n')[0]!.matchAll(/^ {2}([a-z][a-z0-9-]+):$/gm)];
    expect(blocks.map(([, name]) => name).sort()).toEqual(SAMPLE_AGENCIES.map(({ agencyId }) => agencyId).sort());
  });

  it('pins every image, and builds ours once from the one recipe', () => {
    for (const [, { image }] of services) expect(image).toMatch(/^[a-z/]+:\d[\d.]*$/);
    expect(services.flatMap(([, { build }]) => build?.dockerfile ?? [])).toEqual(['deploy/container/Dockerfile']);
  });

  it('publishes the issuer and the nodes on the loopback, and nothing else', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name).sort()).toEqual(
      ['issuer', ...SAMPLE_AGENCIES.map(({ agencyId }) => agencyId)].sort(),
    );
    const ports = published.flatMap(([, service]) => service.ports ?? []);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:8080$/);
    expect(new Set(ports).size).toBe(ports.length);
    expect(compose.networks['inner']?.internal).toBe(true);
    for (const name of ['postgres', 'kafka']) expect(compose.services[name]?.networks).toEqual(['inner']);
  });

  it('gives every container time to stop, a limit of memory and a rule for restarts', () => {
    for (const [, service] of services) {
      expect(service.stop_grace_period).toBe('10s');
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      expect(service.restart).toMatch(/^(no|unless-stopped)$/);
    }
  });

  it('checks the health of everything that goes on running', () => {
    for (const [name, service] of services) {
      if (service.restart === 'no') expect([name, service.healthcheck?.disable]).toEqual([name, true]);
      else if (!service.image.startsWith('acogida:')) expect(service.healthcheck?.test?.[0]).toBe('CMD');
      else expect([name, service.healthcheck]).toEqual([name, undefined]); // the image has one
    }
  });

  it('takes from our containers what they do not need', () => {
    expect(ours.length).toBeGreaterThan(SAMPLE_AGENCIES.length);
    for (const [, service] of ours) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('holds no secret: passwords come from files that are made in a volume', () => {
    const values = services.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    for (const [name, value] of values) {
      if (/PASSWORD|SECRET|TOKEN|KEY(?!S_MODE)/.test(name))
        expect([name, value]).toEqual([name, expect.stringMatching(/^\//)]);
      expect(String(value)).not.toMatch(/:\/\/[^/@]*:[^/@]*@/); // no password within a URL
    }
  });
});

describe('what is scraped', () => {
  it('is the node of every agency of the sample network', () => {
    const { scrape_configs: jobs } = parse(read('deploy/observability/prometheus.yml')) as {
      scrape_configs: readonly { static_configs: readonly { targets: readonly string[] }[] }[];
    };
    const targets = jobs.flatMap((job) => job.static_configs.flatMap(({ targets: those }) => those));
    expect(targets.toSorted()).toEqual(SAMPLE_AGENCIES.map(({ agencyId }) => `${agencyId}:9464`).sort());
  });
});

describe('the image', () => {
  it('is made from a pinned base in stages, with production dependencies only', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base!);
    expect(bases.filter((base) => base.includes(':')).every((base) => base === 'node:24-bookworm-slim')).toBe(true);
    expect(bases.length).toBeGreaterThan(2);
    expect(dockerfile).toMatch(/npm ci .*--omit=dev/);
    expect(runtime).not.toMatch(/npm (ci|install)/);
  });

  it('runs as a user without privileges and has a health check', () => {
    expect(runtime).toMatch(/^USER node$/m);
    expect(runtime).toMatch(/^HEALTHCHECK .* CMD \["node", "deploy\/container\/health\.mjs"\]$/m);
    expect(runtime).not.toMatch(/^COPY .*--chown/m); // the programs belong to root: what runs cannot change them
  });

  it('takes nothing from the folder but what it is made of', () => {
    expect(read('.dockerignore').split('\n')[1]).toBe('*');
  });
});
