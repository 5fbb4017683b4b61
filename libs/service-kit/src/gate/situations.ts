import { isStaleAt } from '@acogida/event-log';
import { authoritiesToAsk, type AuthorityStanding, type GateFile, type Situation } from '@acogida/safeguards';
import { Inject, Injectable } from '@nestjs/common';
import { OwnObstacles } from '../case-obstacles/own-obstacles.ts';
import { directoriesAmong, LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeContext, NodeMember } from '../node-definition.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { openHoldsElsewhere } from '../safeguards/known-holds.ts';
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

/** Reads what this node knows beside the stream of a gate: who clears, how they stand on the log, and what waits here. */
@Injectable()
export class Situations {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(NODE_RUNTIME) private readonly runtime: Pick<NodeRuntime, 'pool' | 'clock' | 'configuration'>,
    private readonly own: OwnObstacles,
  ) {}

  /** @throws what the database throws */
  async of(caseId: string, file: GateFile): Promise<Situation> {
    const caseIds = [caseId, ...file.linkedCaseIds];
    const [authorities, placersOnLinked, holders, own] = await Promise.all([
      this.authorities(),
      this.placersOn(caseIds),
      this.holdersOf(caseIds),
      this.own.of(caseIds),
    ]);
    const heldBy = [...new Set([...holders, ...own.unknownHolds])];
    const { obstacles } = own;
    const known = { authorities, placersOnLinked, heldBy, obstacles, successors: successorsOf(this.node.members()) };
    const asked = authoritiesToAsk(file, { ...known, standings: {} });
    const directories = directoriesAmong(this.node.members());
    const standings = await this.standingsOf([...new Set([...asked, ...directories])]);
    // Whoever has not heard the directory for a while may go by a list that authorities know is over.
    const isListCurrent = directories.length > 0 && directories.every((agency) => standings[agency] === 'CURRENT');
    return { ...known, authorities: isListCurrent ? authorities : null, standings };
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
