import { isStaleAt } from '@acogida/event-log';
import {
  authoritiesToAsk,
  type AuthorityStanding,
  type GateFile,
  gateProcedure,
  type Situation,
} from '@acogida/safeguards';
import { Inject, Injectable } from '@nestjs/common';
import { OwnObstacles } from '../case-obstacles/own-obstacles.ts';
import { directoriesAmong, LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeContext, NodeMember } from '../node-definition.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { openHoldsElsewhere } from '../safeguards/known-holds.ts';
import { ofOnePerson, otherCasesOf } from '../safeguards/linked-cases.ts';
import { NODE_CONTEXT, NODE_RUNTIME } from '../tokens.ts';

interface CursorRow {
  readonly source: string;
  readonly status: 'flowing' | 'gap' | 'stopped';
  readonly heardAt: Date | null;
}

const PLACERS = `SELECT DISTINCT source FROM known_hold WHERE case_id = ANY($1::uuid[]) AND placed_number IS NOT NULL`;

const CURSORS = `SELECT source, status, heard_at AS "heardAt" FROM inbox.source_cursor WHERE source = ANY($1::text[])`;

/** Of agencies that are gone: who the roots say answers in their place. */
function successorsOf(members: readonly NodeMember[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    members.flatMap(({ agencyId, successor }) => (successor == null ? [] : [[agencyId, successor]])),
  );
}

/** A situation, and the cases that it is about as well. */
export interface SituationOfPerson extends Situation {
  readonly linkedCaseIds: readonly string[];
}

/** Reads what this node knows beside the stream of a gate: who clears, how they stand on the log, and what waits here. */
@Injectable()
export class Situations {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(NODE_RUNTIME) private readonly runtime: Pick<NodeRuntime, 'pool' | 'clock' | 'configuration'>,
    private readonly own: OwnObstacles,
  ) {}

  /** On the case and on those that are linked to it, as this gate has heard. @throws what the database throws */
  async of(caseId: string, file: GateFile): Promise<SituationOfPerson> {
    const person = await ofOnePerson(this.node, gateProcedure, [caseId, file]);
    const caseIds = person.map(([id]) => id);
    const heard = person.slice(1).flatMap(([, linked]) => linked.heard);
    const [authorities, placers, holders, own] = await Promise.all([
      this.authorities(),
      this.placersOn(caseIds),
      this.holdersOf(caseIds),
      this.own.of(caseIds),
    ]);
    const heldOnLinked = heard.filter(({ isOpen }) => isOpen).map(({ authority }) => authority);
    const heldBy = [...new Set([...holders, ...heldOnLinked, ...own.unknownHolds])];
    const placersOnLinked = [...new Set([...placers, ...heard.map(({ authority }) => authority)])];
    const { obstacles } = own;
    const known = { authorities, placersOnLinked, heldBy, obstacles, successors: successorsOf(this.node.members()) };
    const asked = authoritiesToAsk(file, { ...known, standings: {} });
    const directories = directoriesAmong(this.node.members());
    const standings = await this.standingsOf([...new Set([...asked, ...directories])]);
    // Whoever has not heard the directory for a while may go by a list that authorities know is over.
    const isListCurrent = directories.length > 0 && directories.every((agency) => standings[agency] === 'CURRENT');
    const linkedCaseIds = otherCasesOf(person);
    return { ...known, authorities: isListCurrent ? authorities : null, standings, linkedCaseIds };
  }

  /** The own agency always clears as well: a hold that it places is one to wait for, whether or not the directory lists it. */
  private async authorities(): Promise<readonly string[] | null> {
    const { agencyId, jurisdiction } = this.node;
    if (jurisdiction === null) return null;
    const listed = await new LocalDirectory(this.node, this.runtime.pool).clearanceAuthorities(jurisdiction);
    return listed.length === 0 ? null : [...listed.map((one) => one.agencyId), agencyId];
  }

  private async placersOn(caseIds: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.runtime.pool.query<{ source: string }>(PLACERS, [caseIds]);
    return rows.map(({ source }) => source);
  }

  private async holdersOf(caseIds: readonly string[]): Promise<readonly string[]> {
    const holds = await Promise.all(caseIds.map((one) => openHoldsElsewhere(this.node, this.runtime.pool, one)));
    return holds.flat().map(({ authority, successor }) => successor ?? authority);
  }

  private async standingsOf(agencies: readonly string[]): Promise<Situation['standings']> {
    const { pool, clock, configuration } = this.runtime;
    const { rows } = await pool.query<CursorRow>(CURSORS, [agencies]);
    const now = clock.now();
    const members = new Set(this.node.members().map(({ agencyId }) => agencyId));
    const standingOf = (agency: string): AuthorityStanding => {
      if (agency === this.node.agencyId) return 'CURRENT';
      if (!members.has(agency)) return 'GONE';
      const { status, heardAt = null } = rows.find(({ source }) => source === agency) ?? {};
      if (status === 'stopped') return 'EQUIVOCATING';
      const isBehind = status === 'gap'; // what it said since is not known here
      const heard = heardAt?.toISOString() ?? null;
      return isBehind || isStaleAt(now, heard, configuration.heartbeatIntervalMs) ? 'STALE' : 'CURRENT';
    };
    return Object.fromEntries(agencies.map((agency) => [agency, standingOf(agency)]));
  }
}
