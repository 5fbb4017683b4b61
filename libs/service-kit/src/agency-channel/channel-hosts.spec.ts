import { describe, expect, it } from '@jest/globals';
import { ChannelHosts, isChannelHost } from './channel-hosts.ts';

/** What comes of asking at an address: refused, allowed as it is named, or what its name stands for decides. */
async function outcomeOf(hosts: ChannelHosts, address: string): Promise<string> {
  const judged = hosts.judge(new URL(address));
  if (typeof judged === 'string') return judged;
  return new Promise((resolve) => {
    judged(new URL(address).hostname, { all: true }, (error) => resolve(error?.code ?? 'CONNECTED'));
  });
}

describe('where others may be asked', () => {
  it.each([
    ['https://8.8.8.8', 'ALLOWED'],
    ['https://[2001:4860:4860::8888]:8443/node', 'ALLOWED'],
    ['http://8.8.8.8', 'REFUSED'],
    ['http://node.example.org', 'REFUSED'],
    ['https://127.0.0.1', 'REFUSED'],
    ['https://10.1.2.3', 'REFUSED'],
    ['https://172.31.0.1', 'REFUSED'],
    ['https://192.168.1.1', 'REFUSED'],
    ['https://169.254.169.254', 'REFUSED'],
    ['https://0x7f.1', 'REFUSED'],
    ['https://[::1]', 'REFUSED'],
    ['https://[::ffff:10.1.2.3]', 'REFUSED'],
    ['https://[fd00::1]', 'REFUSED'],
    ['https://[fec0::1]', 'REFUSED'],
    ['https://[::10.1.2.3]', 'REFUSED'],
    ['https://[2002:a01:203::1]', 'REFUSED'],
    ['https://[2001::f5fe:fdfc]', 'REFUSED'],
    ['https://localhost', 'ADDRESS_NOT_ALLOWED'],
  ])('where nothing is listed is what is public, by https: %s is %s', async (address, outcome) => {
    expect(await outcomeOf(new ChannelHosts(null), address)).toBe(outcome);
  });

  it.each([
    ['https://node.agency.example', 'ALLOWED'],
    ['https://NODE.agency.example', 'ALLOWED'],
    ['https://10.20.3.4:8443', 'ALLOWED'],
    ['http://10.20.3.4', 'REFUSED'],
    ['https://10.21.3.4', 'REFUSED'],
    ['https://8.8.8.8', 'REFUSED'],
    ['http://127.0.0.1:7101', 'ALLOWED'],
    ['https://localhost', 'CONNECTED'],
    ['http://localhost:7101', 'CONNECTED'],
  ])('where hosts are listed is nowhere else: %s is %s', async (address, outcome) => {
    const hosts = new ChannelHosts(['*.agency.example', '10.20.0.0/16', 'http://127.0.0.1', 'http://::1']);
    expect(await outcomeOf(hosts, address)).toBe(outcome);
  });

  it.each([
    'https://a.node.agency.example',
    'http://node.agency.example',
    'https://agency.example',
    'http://container',
  ])('where names alone are listed no other is looked up: %s', (address) =>
    expect(new ChannelHosts(['*.agency.example']).judge(new URL(address))).toBe('REFUSED'),
  );

  it('a star is one label: names of a local network, and no other', async () => {
    const hosts = new ChannelHosts(['http://*']);
    expect(await outcomeOf(hosts, 'http://cr-border-intake:8080')).toBe('ALLOWED');
    expect(await outcomeOf(hosts, 'https://cr-border-intake')).toBe('ALLOWED');
    expect(await outcomeOf(hosts, 'http://10.0.0.1')).toBe('REFUSED');
  });

  it.each(['*', 'http://*', '*.example.org', 'node', 'http://10.0.0.0/8', 'fd00::/8', '::1', '10.0.0.1'])(
    '%s can be listed',
    (text) => expect(isChannelHost(text)).toBe(true),
  );

  it.each(['', 'https://node', 'node:8080', 'a.*.org', '10.0.0.0/33', '10.0.0', 'a b', 'http://user@node', 7])(
    '%p cannot be listed',
    (text) => expect(isChannelHost(text)).toBe(false),
  );
});
