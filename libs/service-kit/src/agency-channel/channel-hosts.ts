import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that a host of the public internet is not in: those of one machine, of one site, and such as nobody is in. */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', 'fc00::/7'],
  ...['fe80::/10', 'fec0::/10', 'ff00::/8'],
  ...['2001::/32', '2002::/16'], // Teredo and 6to4: an IPv4 address of any network stands in them
];
const NAME = /^(\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*)$/;
const NETWORK = /^([0-9a-f.:]+)\/(\d{1,3})$/;
const PLAIN = 'http://';

/** Code of a connection that was not made. */
const NOT_ALLOWED = 'ADDRESS_NOT_ALLOWED';

interface Entry {
  /** Whether plain http will do. */
  readonly isPlain: boolean;
  readonly host: string;
}

function entryOf(text: string): Entry {
  const isPlain = text.startsWith(PLAIN);
  return { isPlain, host: (isPlain ? text.slice(PLAIN.length) : text).toLowerCase() };
}

/** Whether a setting may name hosts so: a name, with `*` for its first label or all of it, an address, or a network. */
export function isChannelHost(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  const { host } = entryOf(text);
  return isIP(host) !== 0 || isNetwork(host) || (NAME.test(host) && !/^[\d.]+$/.test(host));
}

function isNetwork(host: string): boolean {
  const [, address = '', bits = ''] = NETWORK.exec(host) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

function networksOf(hosts: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const host of hosts) {
    const [, address = host, bits] = NETWORK.exec(host) ?? [];
    const family = isIP(address);
    if (family === 0) continue;
    networks.addSubnet(address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), familyName(family));
  }
  return networks;
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 6 ? 'ipv6' : 'ipv4';
}

/** A pattern takes one label where it has `*`: `*` names of a local network, `*.example.org` not those under another name. */
function fitsName(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*')) return host === pattern;
  const [, ...rest] = host.split('.');
  return isIP(host) === 0 && rest.join('.') === pattern.slice(2);
}

/**
 * Where a node may be told to ask others: an address that another agency announced makes this node send something there. Where hosts
 * are listed, those alone; otherwise any that is public. By https, but for what the list says with `http://`.
 */
export class ChannelHosts {
  readonly #entries: readonly Entry[] | null;
  readonly #listed: BlockList;
  readonly #listedPlain: BlockList;
  readonly #notPublic = networksOf(NOT_PUBLIC);
  readonly #lookups = { plain: this.#lookup(true), secure: this.#lookup(false) };

  /** @param allowed as `isChannelHost`; null: whatever is public */
  constructor(allowed: readonly string[] | null) {
    this.#entries = allowed?.map(entryOf) ?? null;
    const entries = this.#entries ?? [];
    this.#listed = networksOf(entries.map(({ host }) => host));
    this.#listedPlain = networksOf(entries.filter(({ isPlain }) => isPlain).map(({ host }) => host));
  }

  /**
   * How a host is to be reached at this address: not at all, as it is named, or where all that its name stands for is allowed. A name that is
   * listed is reached wherever it leads: whoever lists it knows who answers under it.
   */
  judge({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): 'REFUSED' | 'ALLOWED' | LookupFunction {
    const isPlain = protocol === 'http:';
    const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    if (isIP(host) !== 0) return this.#isAllowed(host, isPlain) ? 'ALLOWED' : 'REFUSED';
    const entries = this.#entries ?? [];
    if (entries.some((one) => (one.isPlain || !isPlain) && fitsName(host, one.host))) return 'ALLOWED';
    const canStandForOne =
      this.#entries === null ? !isPlain : (isPlain ? this.#listedPlain : this.#listed).rules.length > 0;
    if (!canStandForOne) return 'REFUSED';
    return isPlain ? this.#lookups.plain : this.#lookups.secure;
  }

  #isAllowed(address: string, isPlain: boolean): boolean {
    const family = familyName(isIP(address));
    if (this.#entries === null) return !isPlain && !this.#notPublic.check(address, family);
    return (isPlain ? this.#listedPlain : this.#listed).check(address, family);
  }

  #lookup(isPlain: boolean): LookupFunction {
    return (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, found: readonly LookupAddress[]) => {
        const [first] = found ?? [];
        if (error !== null || first === undefined) return callback(error ?? notAllowed(), '');
        if (!found.every(({ address }) => this.#isAllowed(address, isPlain))) return callback(notAllowed(), '');
        return options.all === true ? callback(null, [...found]) : callback(null, first.address, first.family);
      });
    };
  }
}

function notAllowed(): NodeJS.ErrnoException {
  return Object.assign(new Error('the address is not one that may be asked'), { code: NOT_ALLOWED });
}
