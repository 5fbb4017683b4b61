import type { Clock, Ids } from '@acogida/core';
import {
  type AppendRequest,
  type EventMetadata,
  StreamConflictError,
  StreamMovedError,
  type Transaction,
} from '@acogida/event-store';
import { type CaseKeySet, keysOfEpoch } from '@acogida/sealing';
import { decideOn } from '../decide-on.ts';
import type { NodeContext } from '../node-definition.ts';
import type { CaseCircles } from './case-circles.ts';
import { auditorGrants, type BeginningOfEpoch, type CaseGrantCommand } from './case-grants.ts';
import { NO_CASE_KEYS, openEpochOf } from './case-keys.ts';
import type { CaseKeysCommandOf } from './case-keys-commands.ts';
import type { Auditor } from './case-keys-events.ts';
import { CIRCLE_STREAMS, type CircleSnapshot, type CircleSnapshots } from './circle-snapshots.ts';
import { handOverNothing, handOverOf, namesOfSet } from './hand-over.ts';
import { type KeyTurn, keyTurn } from './key-turn.ts';
import { caseGrantProcedure, caseKeysProcedure } from './procedures.ts';
import { rotationDue } from './rotation.ts';

/** What opening circles is done with. */
export interface CircleOpeningOptions {
  readonly agencyId: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly snapshots: CircleSnapshots;
  /** Gives the keys that a case has, or that begin with it (`CaseTexts`). */
  readonly texts: {
    firstSet(caseId: string, isNew: boolean, transaction?: Transaction): Promise<CaseKeySet>;
    keptSet(caseId: string, transaction: Transaction): Promise<CaseKeySet | null>;
  };
  readonly circles: Pick<CaseCircles, 'rotate' | 'isReady'>;
  /** Who audits the cases of this agency now. */
  readonly auditors: () => readonly Auditor[];
  /** Number of the node's incarnation now. */
  readonly incarnation: () => number;
  readonly node: () => NodeContext;
  readonly transact: (work: (transaction: Transaction) => Promise<void>) => Promise<void>;
  /** An epoch was begun in a transaction that is committed. */
  readonly onRotated: () => void;
  /** Circles that may be out of line with who takes part in the network (`CircleAlignment`); left out where none ever are. */
  readonly alignment?: PendingAlignment;
}

/** Circles that are brought in line before anything is appended under them. */
export interface PendingAlignment {
  /** What cases are aligned with now. */
  readonly goal: string;
  isPending(caseId: string): boolean;
  align(turn: KeyTurn, caseId: string): Promise<boolean>;
  noteAligned(caseId: string, goal: string): void;
}

const UNOPENED: CircleSnapshot = { version: 0, state: NO_CASE_KEYS };

/**
 * Lets nothing of a case be appended before its circle is open and its epoch may be sealed under: with the first append goes who
 * may read along, and what they read it with; an epoch that has to end is ended first (`rotationDue`).
 */
export class CircleOpening {
  readonly #options: CircleOpeningOptions;

  constructor(options: CircleOpeningOptions) {
    this.#options = options;
  }

  /**
   * What is to be appended together with a request, before it. Begins an epoch where one is due, within the transaction or in one
   * of its own.
   */
  async before(request: AppendRequest, transaction?: Transaction): Promise<readonly AppendRequest[]> {
    const { caseId, events } = request;
    if (caseId === null || events.length === 0) return [];
    const snapshot = await this.#snapshotOf(caseId, request.opensCase === true, transaction);
    if (snapshot.state.isErased) return [];
    const { circles, clock, incarnation, alignment } = this.#options;
    const isOpen = openEpochOf(snapshot.state) !== undefined;
    // A circle may have to be opened for those who serve the person since before there were any.
    if (alignment?.isPending(caseId) === true && request.opensCase !== true) {
      const isChanged = await this.#align(alignment, caseId, request, transaction);
      return isOpen || isChanged ? [] : this.#open(caseId, request, transaction);
    }
    if (!isOpen) return this.#open(caseId, request, transaction);
    if (rotationDue(snapshot.state, { incarnation: incarnation(), now: clock.now() }) !== null) {
      await this.#moveOn(caseId, request, (turn) => circles.rotate(turn, caseId), transaction);
    }
    return [];
  }

  /**
   * Opens the circle of a case, in a transaction, with the keys that it has from before there were circles.
   *
   * @returns false where it has none: its circle is opened with its first append
   */
  async openWithin(turn: KeyTurn, caseId: string): Promise<boolean> {
    const set = await this.#options.texts.keptSet(caseId, turn.transaction);
    if (set === null) return false;
    const procedure = caseKeysProcedure(handOverNothing);
    const { events } = await turn.run({ procedure, id: caseId, command: this.#openingOf(caseId, set) });
    for (const command of this.#grantsOf(events)) {
      await turn.run({ procedure: this.#grantProcedure(set), id: command.grantId, command });
    }
    return true;
  }

  /** Whether an append failed because the circle was not as it was seen; it is looked at anew then. */
  hasMoved(error: unknown, { caseId, stream }: AppendRequest): boolean {
    const isCircle = error instanceof StreamConflictError && error.stream.startsWith(CIRCLE_STREAMS);
    if (caseId === null || !(error instanceof StreamMovedError || (isCircle && error.stream !== stream))) return false;
    this.#options.snapshots.forget(caseId);
    return true;
  }

  async #snapshotOf(caseId: string, isNew: boolean, transaction?: Transaction): Promise<CircleSnapshot> {
    const { snapshots } = this.#options;
    if (transaction !== undefined) return snapshots.readWithin(transaction, caseId);
    return isNew ? UNOPENED : (snapshots.of(caseId) ?? snapshots.look(caseId));
  }

  async #open(caseId: string, request: AppendRequest, transaction?: Transaction): Promise<readonly AppendRequest[]> {
    const set = await this.#options.texts.firstSet(caseId, request.opensCase === true, transaction);
    const metadata = this.#metadataOf(request);
    const command = this.#openingOf(caseId, set);
    const procedure = caseKeysProcedure(handOverNothing);
    const opening = decideOn({ procedure, id: caseId, command, ...metadata }, { version: 0, state: NO_CASE_KEYS });
    return [opening.request, ...this.#grants(opening.request, set, metadata)];
  }

  #openingOf(caseId: string, set: CaseKeySet): CaseKeysCommandOf<'OpenCase'> {
    const { agencyId: by, auditors, circles, incarnation, clock } = this.#options;
    const known = auditors();
    return {
      ...{ type: 'OpenCase', caseId, by, names: namesOfSet(set), incarnation: incarnation() },
      auditors: known,
      unready: known.flatMap(({ agency }) => (circles.isReady(agency) ? [] : [agency])),
      now: clock.now(),
    };
  }

  /** By the node itself: these streams are of no case at rest, and who of the staff acts is nobody's business there. */
  #metadataOf({ metadata }: AppendRequest): EventMetadata {
    return { ...metadata, actor: `${this.#options.agencyId}.case-keys` };
  }

  #grants({ events }: AppendRequest, set: CaseKeySet, metadata: EventMetadata): readonly AppendRequest[] {
    const procedure = this.#grantProcedure(set);
    return this.#grantsOf(events).map((command) => {
      const state = procedure.decider.initialState;
      return decideOn({ procedure, id: command.grantId, command, ...metadata }, { version: 0, state }).request;
    });
  }

  #grantsOf(opened: readonly unknown[]): readonly CaseGrantCommand[] {
    const { agencyId, ids, clock } = this.#options;
    return auditorGrants(opened as readonly BeginningOfEpoch[], agencyId).map(({ to, cases }) => {
      return { type: 'GrantCases', grantId: ids.uuid(), to, cases, now: clock.now() };
    });
  }

  #grantProcedure(set: CaseKeySet) {
    return caseGrantProcedure(handOverOf(keysOfEpoch(set, this.#options.agencyId)));
  }

  async #align(
    alignment: PendingAlignment,
    caseId: string,
    request: AppendRequest,
    transaction?: Transaction,
  ): Promise<boolean> {
    const { goal } = alignment;
    let isChanged = false;
    const align = async (turn: KeyTurn): Promise<void> => {
      isChanged = await alignment.align(turn, caseId);
      await this.#options.circles.rotate(turn, caseId); // the epoch that follows from it, or is due anyhow
    };
    await this.#moveOn(caseId, request, align, transaction);
    if (transaction === undefined) alignment.noteAligned(caseId, goal);
    return isChanged;
  }

  /** Moves the circle on, within the transaction or in one of its own. */
  async #moveOn(
    caseId: string,
    request: AppendRequest,
    move: (turn: KeyTurn) => Promise<unknown>,
    transaction?: Transaction,
  ): Promise<void> {
    const { clock, node, transact, snapshots, onRotated } = this.#options;
    const moveWithin = async (within: Transaction): Promise<void> => {
      await move(keyTurn(node(), within, clock.now(), this.#metadataOf(request)));
    };
    if (transaction !== undefined) return moveWithin(transaction);
    await transact(moveWithin);
    snapshots.forget(caseId);
    onRotated();
  }
}
