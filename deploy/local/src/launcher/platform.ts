import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_FILE_NAME } from '@acogida/operations';
import { SAMPLE_AGENCIES } from '../network.ts';
import { MissingRequirementError } from '../kafka/index.ts';
import type { ConsoleView } from './console-view.ts';
import { claimDataDir, emptyDataDir, ensureKeys, releaseDataDir, StartRefusedError } from './data-dir.ts';
import { endLeftovers } from './leftovers.ts';
import type { LauncherOptions } from './options.ts';
import { HOST, planPorts, type PortPlan, takenPorts } from './ports.ts';
import {
  awaitPostgres,
  databaseNameOf,
  databaseUrl,
  endStaleServer,
  ensureCluster,
  ensureDatabases,
  postgresProcess,
} from './postgres.ts';
import { ensureIssuerFiles, issuerProcess, issuerUrl, LOG_DATABASE, type LogPlace, nodeProcess } from './processes.ts';
import { awaitReady } from './readiness.ts';
import { RunState } from './run-state.ts';
import { SupervisedKafka } from './supervised-kafka.ts';
import { type ProcessEvents, SupervisedProcess } from './supervised-process.ts';

/** Longest time for everything to become ready, in milliseconds. */
const START_TIMEOUT_MS = 180_000;
/** A process that dies this often before the platform was ready will not get there. */
const HOPELESS_DEATHS = 5;

interface Stoppable {
  stop(): Promise<void>;
}

/** All processes of the platform on this machine. */
export class Platform {
  readonly #options: LauncherOptions;
  readonly #view: ConsoleView;
  readonly #ports: PortPlan;
  readonly #stopping = new AbortController();
  /** In the order of their start; stopped in turns, last first. */
  readonly #layers: Stoppable[][] = [];
  readonly #supervised: SupervisedProcess[] = [];
  /** Of processes that were started before there was a run file. */
  readonly #earlyPids = new Map<string, number | null>();
  #run: RunState | null = null;
  #isReady = false;
  #stopped: Promise<void> | null = null;
  #release: () => Promise<void> = async () => {};

  constructor(options: LauncherOptions, view: ConsoleView) {
    this.#options = options;
    this.#view = view;
    this.#ports = planPorts(options.portBase);
  }

  /** Starts everything; resolves when every node is ready. @throws StartRefusedError, NotReadyError */
  async start(): Promise<RunState> {
    const dir = await claimDataDir(this.#options.dataDir);
    this.#release = () => releaseDataDir(dir);
    this.#view.doing(`Preparing ${dir.path}`);
    await endLeftovers(dir);
    await endStaleServer(dir);
    if (this.#options.fresh) await emptyDataDir(dir);
    await this.#refuseTakenPorts();
    const { network, trust, databasePassword } = await ensureKeys(dir);
    await ensureIssuerFiles(dir, network);
    this.#view.doing('Starting PostgreSQL');
    await ensureCluster(dir, databasePassword);
    this.#stopping.signal.throwIfAborted();
    const postgres = this.#supervise(postgresProcess(dir, this.#ports.postgres));
    this.#layers.push([postgres]);
    await postgres.start();
    await awaitPostgres(this.#ports.postgres, databasePassword, () => this.#hopeless());
    await ensureDatabases(databaseUrl(this.#ports.postgres, databasePassword, 'postgres'), [
      LOG_DATABASE,
      ...network.agencies.map(({ agencyId }) => databaseNameOf(agencyId)),
    ]);
    this.#stopping.signal.throwIfAborted();
    const log = await this.#startLog(databasePassword);
    const surroundings = { dir, ports: this.#ports, databasePassword, log, genesisId: trust.genesisId };
    const run = new RunState(surroundings, network, this.#options.agencies);
    this.#run = run;
    for (const [name, pid] of this.#earlyPids) run.started(name, pid);
    const agencies = SAMPLE_AGENCIES.filter(({ agencyId }) => this.#options.agencies.includes(agencyId));
    const children = [issuerProcess(surroundings), ...agencies.map((agency) => nodeProcess(agency, surroundings))];
    const processes = children.map((definition) => this.#supervise(definition));
    this.#layers.push(processes);
    this.#view.doing(`Starting the issuer and ${agencies.length} nodes`);
    this.#stopping.signal.throwIfAborted();
    for (const child of processes) await child.start();
    await this.#awaitNodes();
    this.#isReady = true;
    run.ready();
    await run.saved();
    return run;
  }

  /** Stops everything, PostgreSQL last; may be called at any time and more than once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    this.#stopping.abort(new StartRefusedError('stopped while starting', 0));
    for (const layer of [...this.#layers].reverse()) await Promise.all(layer.map((process) => process.stop()));
    await this.#run?.saved();
    if (this.#run !== null) await rm(join(this.#options.dataDir, RUN_FILE_NAME), { force: true });
    await this.#release();
  }

  async #refuseTakenPorts(): Promise<void> {
    const needsKafka = this.#options.kafka && process.env['KAFKA_BROKERS'] === undefined;
    const taken = await takenPorts(
      new Map([
        ['issuer', this.#ports.issuer],
        ...[...this.#ports.nodes].filter(([agency]) => this.#options.agencies.includes(agency)),
        ['postgres', this.#ports.postgres],
        ...(needsKafka ? ([['kafka', this.#ports.kafka]] as const) : []),
        ...(needsKafka ? ([['kafka controller', this.#ports.kafkaController]] as const) : []),
      ]),
    );
    if (taken.length === 0) return;
    const list = taken.map(({ name, port }) => `${port} (${name})`).join(', ');
    throw new StartRefusedError(`taken by another program: port ${list}. Choose others with --port-base`);
  }

  async #startLog(databasePassword: string): Promise<LogPlace> {
    if (!this.#options.kafka) {
      return { driver: 'embedded', databaseUrl: databaseUrl(this.#ports.postgres, databasePassword, LOG_DATABASE) };
    }
    const given = process.env['KAFKA_BROKERS'];
    if (given !== undefined && given.trim() !== '') {
      return { driver: 'kafka', brokers: given.split(',').map((broker) => broker.trim()) };
    }
    this.#view.doing('Starting Apache Kafka (the first time it is fetched from Maven Central)');
    const { kafka: port, kafkaController: controllerPort } = this.#ports;
    const dataDir = join(this.#options.dataDir, 'kafka');
    const kafka = new SupervisedKafka({ dataDir, port, controllerPort }, this.#events());
    this.#layers.push([kafka]);
    try {
      return { driver: 'kafka', brokers: await kafka.start() };
    } catch (error) {
      if (!(error instanceof MissingRequirementError)) throw error;
      throw new StartRefusedError(`${error.message} Or name running brokers: KAFKA_BROKERS=host:port`, 3);
    }
  }

  #events(): ProcessEvents {
    return {
      onStarted: (name, pid) => {
        if (this.#run === null) this.#earlyPids.set(name, pid);
        else this.#run.started(name, pid);
      },
      onDied: (name, how, restartInMs) => {
        this.#run?.died(name);
        this.#view.tell(`${name} died (${how}); starting it again in ${restartInMs / 1_000} s`);
      },
    };
  }

  #supervise(definition: ConstructorParameters<typeof SupervisedProcess>[0]): SupervisedProcess {
    const supervised = new SupervisedProcess(definition, this.#events());
    this.#supervised.push(supervised);
    return supervised;
  }

  #hopeless(): string | null {
    const dead = this.#supervised.find((one) => one.deaths >= HOPELESS_DEATHS);
    return dead === undefined ? null : `${dead.definition.name} keeps dying; its log: ${dead.definition.logFile}`;
  }

  async #awaitNodes(): Promise<void> {
    const urls = new Map([['issuer', `${issuerUrl(this.#ports)}/.well-known/openid-configuration`]]);
    for (const agency of this.#options.agencies) {
      urls.set(agency, `http://${HOST}:${this.#ports.nodes.get(agency)}/health/ready`);
    }
    await awaitReady(urls, {
      timeoutMs: START_TIMEOUT_MS,
      signal: this.#stopping.signal,
      isHopeless: () => (this.#isReady ? null : this.#hopeless()),
      onReady: (name, missing) => {
        if (missing > 0) this.#view.doing(`${name} is ready; ${missing} to go`);
      },
    });
  }
}
