import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@acogida/event-store';
import { isTreatedAsChild, type NationalityStatus } from '@acogida/reference';
import { type ReferralFacts, referralProcedure } from '@acogida/referral';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type pg from 'pg';
import type { NodeContext } from '../node-definition.ts';
import { DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { CASE_FACTS, type CaseFacts, NOTHING_KNOWN } from './case-facts.ts';

/** What the deny rules judge a person by. */
export type JudgedFacts = Pick<ReferralFacts, 'nationalities' | 'nationalityStatus'>;

const IN_DOUBT: readonly NationalityStatus[] = ['UNDETERMINED', 'AT_RISK_OF_STATELESSNESS'];

/**
 * One of the wrong person tells of somebody else, and one of which nothing came here tells nothing any more. What others told comes first, then
 * what this agency told, the latest before.
 */
const OF_REFERRALS = `
  SELECT direction, sender, sex, age_status AS "ageStatus", age_from_years AS "fromYears", age_to_years AS "toYears",
         nationalities, nationality_status AS "nationalityStatus"
    FROM referral
   WHERE case_id = $1 AND sex IS NOT NULL AND entry_error IS DISTINCT FROM 'WRONG_PERSON'
   ORDER BY direction, requested_at DESC, referral_id`;

/** Accepted here before nothing came of them: what this agency began with them may go on. */
const ONCE_ACCEPTED = `
  SELECT referral_id AS id FROM referral
   WHERE case_id = $1 AND sex IS NULL AND accepted_at IS NOT NULL AND entry_error IS DISTINCT FROM 'WRONG_PERSON'
   ORDER BY requested_at DESC, referral_id`;

type FactsRow = Omit<ReferralFacts, 'ageBand'> &
  NonNullable<ReferralFacts['ageBand']> & { readonly direction: 'sent' | 'received'; readonly sender: string };

function factsOfRow({ direction: _, sender: __, fromYears, toYears, ...facts }: FactsRow): ReferralFacts {
  return { ...facts, ageBand: fromYears === null && toYears === null ? null : { fromYears, toYears } };
}

/** Facts as the first says them, with every nationality that any of them names; null when there are none. */
export function withAllNationalities<F extends JudgedFacts>(said: readonly F[]): F | null {
  const [first] = said;
  if (first === undefined) return null;
  return { ...first, nationalities: [...new Set(said.flatMap(({ nationalities }) => nationalities))] };
}

/**
 * What the deny rules judge: all that is on record or told (INV-05: doubt denies). Naming facts talks no nationality away, and
 * no doubt.
 */
export function judgedFacts(known: JudgedFacts | null, told: JudgedFacts): JudgedFacts {
  if (known === null) return told;
  const nationalities = [...new Set([...known.nationalities, ...told.nationalities])];
  const isInDoubt = IN_DOUBT.includes(known.nationalityStatus);
  return { nationalities, nationalityStatus: isInDoubt ? known.nationalityStatus : told.nationalityStatus };
}

/** What the referrals of a case told: others first, the latest before. */
async function factsTold(lookup: Pick<Transaction, 'query'>, caseId: string): Promise<readonly FactsRow[]> {
  const { rows } = await lookup.query<FactsRow>(OF_REFERRALS, [caseId]);
  return rows;
}

/**
 * What this node has on record of the person of a case: its register, and what the referrals told by which the case came; where
 * there is no register, also what this agency itself told before. Null when there is nothing.
 *
 * @param registered what the service's own register says
 */
function factsOnRecord(rows: readonly FactsRow[], registered: ReferralFacts | null = null): ReferralFacts | null {
  const told = rows.filter(({ direction }) => registered === null || direction === 'received');
  return withAllNationalities([...(registered === null ? [] : [registered]), ...told.map(factsOfRow)]);
}

/**
 * Whether somebody who referred the case has it that the person may be a child: by their last word, so that they alone take it
 * back. Who said nothing at all of the person stated no doubt, and took none back.
 */
function isAgeInDoubt(rows: readonly FactsRow[]): boolean {
  const received = rows.filter(
    (row) => row.direction === 'received' && !isDeepStrictEqual(factsOfRow(row), NOTHING_KNOWN),
  );
  const last = received.filter((row, index) => received.findIndex(({ sender }) => sender === row.sender) === index);
  return last.some(({ ageStatus }) => isTreatedAsChild(ageStatus));
}

/** What this node knows of the person of a case, for whatever is judged or told of them. */
@Injectable()
export class FactsOnRecord {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(NODE_CONTEXT) private readonly node: Pick<NodeContext, 'handler'>,
    @Optional() @Inject(CASE_FACTS) private readonly register?: CaseFacts,
  ) {}

  /** By what the deny rules judge a departure that says this of the person. */
  async judgedWith(caseId: string, told: JudgedFacts): Promise<JudgedFacts> {
    const registered = (await this.register?.factsOf(caseId)) ?? null;
    const known = factsOnRecord(await factsTold(this.pool, caseId), registered);
    const said = [...(known === null ? [] : [known]), ...(await this.onceAccepted(caseId))];
    return judgedFacts(withAllNationalities<JudgedFacts>(said), told);
  }

  /** INV-05: nobody is shown what such a referral told, but it goes on to deny. It is read where it is encrypted. */
  private async onceAccepted(caseId: string): Promise<readonly JudgedFacts[]> {
    const { rows } = await this.pool.query<{ id: string }>(ONCE_ACCEPTED, [caseId]);
    const referrals = await Promise.all(rows.map(({ id }) => this.node.handler.load(referralProcedure, id)));
    return referrals.flatMap(({ state }) => (state === null ? [] : [state.request.facts]));
  }

  /** What a receiver is told: what the request names, else what is on record; that nothing is known, where nothing is. */
  async toldOf(caseId: string, named?: ReferralFacts): Promise<ReferralFacts> {
    const registered = (await this.register?.factsOf(caseId)) ?? null;
    const rows = await factsTold(this.pool, caseId);
    const told = named ?? factsOnRecord(rows, registered) ?? NOTHING_KNOWN;
    // INV-08: naming facts does not talk a doubt away that is on record
    const isInDoubt = registered === null ? isAgeInDoubt(rows) : isTreatedAsChild(registered.ageStatus);
    const ageStatus = isInDoubt && told.ageStatus === 'ADULT' ? 'DISPUTED' : told.ageStatus;
    return { ...told, ageStatus, ageBand: told.ageBand && { ...told.ageBand } };
  }
}
