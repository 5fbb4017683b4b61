import { describe, expect, it } from '@jest/globals';
import { UsageError } from '@acogida/operations';
import { SAMPLE_AGENCIES } from '../network.ts';
import { parseLauncherOptions } from './options.ts';

const environment = { INIT_CWD: '/srv/me', ACOGIDA_WORKSPACE: '/workspace' };
const all = SAMPLE_AGENCIES.map(({ agencyId }) => agencyId);

describe('parseLauncherOptions', () => {
  it('has defaults for everything', () => {
    expect(parseLauncherOptions([], environment)).toEqual({
      portBase: 7100,
      dataDir: '/workspace/.acogida',
      fresh: false,
      kafka: false,
      agencies: all,
      json: false,
    });
  });

  it('takes every option', () => {
    const args = '--port-base 8200 --data-dir d --fresh --kafka --only mx-comar,cr-border-intake --json'.split(' ');
    expect(parseLauncherOptions(args, environment)).toEqual({
      portBase: 8200,
      dataDir: '/srv/me/d',
      fresh: true,
      kafka: true,
      agencies: ['cr-border-intake', 'mx-comar'],
      json: true,
    });
  });

  it('knows when help is asked', () => {
    expect(parseLauncherOptions(['--help'], environment)).toBeNull();
  });

  it.each([
    ['--port-base', '80'],
    ['--port-base', '65530'],
    ['--port-base', 'abc'],
    ['--only', 'nobody'],
    ['--unknown'],
    ['positional'],
  ])('refuses %s %s', (...args) => {
    expect(() => parseLauncherOptions(args.filter(Boolean), environment)).toThrow(UsageError);
  });
});
