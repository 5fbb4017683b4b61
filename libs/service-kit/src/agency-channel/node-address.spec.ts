import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { nodeAddressDecider, type NodeAddressEvent } from './node-address.ts';
import { publishNodeAddress } from './publish.ts';

const address = decides(nodeAddressDecider);
const NOW = '2026-11-22T09:00:00.000Z';
const URL = 'https://node.test/asylum';
const announce = (url: string, isAnew = false) => ({ type: 'AnnounceNodeAddress', url, isAnew, now: NOW }) as const;
const announced = (url: string): NodeAddressEvent => {
  return { type: 'NodeAddressAnnounced', data: { url, announcedAt: NOW } };
};

describe('where a node is asked', () => {
  it('is announced when it starts first, and again when it is elsewhere', () => {
    address.given().when(announce(URL)).then(announced(URL));
    address
      .given(announced('https://old.test'), announced('https://old2.test'))
      .when(announce(URL))
      .then(announced(URL));
  });

  it('is not announced again while it is the same', () => {
    address.given(announced('https://old.test'), announced(URL)).when(announce(URL)).thenNothing();
  });

  it('is announced again where others may have heard something later', () => {
    address.given(announced(URL)).when(announce(URL, true)).then(announced(URL));
  });

  it.each([
    '',
    'ftp://node.test',
    'https://user:secret@node.test',
    'https://node.test/?q',
    `https://${'x'.repeat(300)}`,
  ])('is not %p', (url) => {
    address.given(announced(URL)).when(announce(url)).thenRefused('CHANNEL.ADDRESS_MALFORMED');
  });

  it('is published as it is, in the class of the directory', () => {
    expect(publishNodeAddress(announced(URL))).toEqual({
      ...{ class: 'directory', caseId: null, type: 'NodeAddressAnnounced', schemaVersion: 1, occurredAt: NOW },
      data: { url: URL },
    });
  });
});
