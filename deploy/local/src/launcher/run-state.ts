import { type RunFile, writeRunFile } from '@acogida/operations';
import type { NetworkFile } from '../network.ts';
import { HOST } from './ports.ts';
import { databaseNameOf, databaseUrl } from './postgres.ts';
import { AUDIENCE, issuerSecretFile, issuerUrl, type Surroundings } from './processes.ts';

/** Keeps the run file up to date while processes come and go. */
export class RunState {
  readonly #surroundings: Surroundings;
  readonly #network: NetworkFile;
  readonly #agencies: readonly string[];
  readonly #pids = new Map<string, number>();
  readonly #startedAt = new Date().toISOString();
  #state: RunFile['state'] = 'starting';
  #writing: Promise<void> = Promise.resolve();

  constructor(surroundings: Surroundings, network: NetworkFile, agencies: readonly string[]) {
    this.#surroundings = surroundings;
    this.#network = network;
    this.#agencies = agencies;
  }

  started(name: string, pid: number | null): void {
    if (pid !== null) this.#pids.set(name, pid);
    this.save();
  }

  died(name: string): void {
    this.#pids.delete(name);
    this.save();
  }

  ready(): void {
    this.#state = 'ready';
    this.save();
  }

  /** Writes the file, one writing after the other. */
  save(): void {
    this.#writing = this.#writing.then(() => writeRunFile(this.file())).catch(() => {});
  }

  /** Resolves when everything said so far is on disk. */
  async saved(): Promise<void> {
    await this.#writing;
  }

  file(): RunFile {
    const { dir, ports, databasePassword, log } = this.#surroundings;
    const pidOf = (name: string): number | null => this.#pids.get(name) ?? null;
    return {
      formatVersion: 1,
      state: this.#state,
      startedAt: this.#startedAt,
      launcherPid: process.pid,
      dataDir: dir.path,
      networkFile: dir.networkFile,
      issuer: {
        url: issuerUrl(ports),
        audience: AUDIENCE,
        tokenEndpoint: `${issuerUrl(ports)}/token`,
        secretFile: issuerSecretFile(dir),
        port: ports.issuer,
        pid: pidOf('issuer'),
      },
      log: {
        driver: log.driver,
        databaseUrl: log.driver === 'embedded' ? log.databaseUrl : null,
        brokers: log.driver === 'kafka' ? log.brokers : [],
      },
      nodes: this.#network.agencies
        .filter(({ agencyId }) => this.#agencies.includes(agencyId))
        .map(({ agencyId, kind, jurisdiction, name }) => {
          const port = ports.nodes.get(agencyId) ?? 0;
          return {
            agencyId,
            kind,
            jurisdiction,
            name,
            url: `http://${HOST}:${port}`,
            port,
            pid: pidOf(agencyId),
            databaseUrl: databaseUrl(ports.postgres, databasePassword, databaseNameOf(agencyId)),
          };
        }),
      processes: [
        { name: 'postgres', port: ports.postgres, pid: pidOf('postgres') },
        ...(this.#pids.has('kafka') ? [{ name: 'kafka', port: ports.kafka, pid: pidOf('kafka') }] : []),
      ],
    };
  }
}
