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
         nationalities, nationality_status AS "nationalityStatus", requested_at AS "requestedAt"
    FROM referral
   WHERE case_id = $1 AND sex IS NOT NULL AND entry_error IS DISTINCT FROM 'WRONG_PERSON'
   ORDER BY direction, requested_at DESC, referral_id`;

/**
 * Accepted here before nothing came of them: what this agency began with them may go on. What the others told of which nothing came,
 * rejected ones above all, judges nobody: who knows the case all the same goes by its register and by what else was told.
 */
const ONCE_ACCEPTED = `
  SELECT referral_id AS id FROM referral
   WHERE case_id = $1 AND sex IS NULL AND accepted_at IS NOT NULL AND entry_error IS DISTINCT FROM 'WRONG_PERSON'
   ORDER BY requested_at DESC, referral_id`;

type FactsRow = Omit<ReferralFacts, 'ageBand'> &
  NonNullable<ReferralFacts['ageBand']> & {
    readonly direction: 'sent' | 'received';
    readonly sender: string;
    readonly requestedAt: Date;
  };

/** What an agency told with a referral, and when. */
interface Word {
  readonly sender: string;
  readonly requestedAt: Date;
  readonly facts: ReferralFacts;
}

function factsOfRow({
  direction: _,
  sender: __,
  requestedAt: ___,
  fromYears,
  toYears,
  ...facts
}: FactsRow): ReferralFacts {
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
function isAgeInDoubt(words: readonly Word[]): boolean {
  const said = words
    .filter(({ facts }) => !isDeepStrictEqual(facts, NOTHING_KNOWN))
    .sort((one, other) => other.requestedAt.getTime() - one.requestedAt.getTime());
  const last = said.filter((word, index) => said.findIndex(({ sender }) => sender === word.sender) === index);
  return last.some(({ facts }) => isTreatedAsChild(facts.ageStatus));
}

/** What others told by referrals of which something came, or may come. */
function wordsOf(rows: readonly FactsRow[]): readonly Word[] {
  const received = rows.filter(({ direction }) => direction === 'received');
  return received.map((row) => ({ sender: row.sender, requestedAt: row.requestedAt, facts: factsOfRow(row) }));
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
    const once = await this.onceAccepted(caseId);
    const said = [...(known === null ? [] : [known]), ...once.map(({ facts }) => facts)];
    return judgedFacts(withAllNationalities<JudgedFacts>(said), told);
  }

  /** INV-05, INV-08: nobody is shown what such a referral told, but it goes on to deny. It is read where it is encrypted. */
  private async onceAccepted(caseId: string): Promise<readonly Word[]> {
    const { rows } = await this.pool.query<{ id: string }>(ONCE_ACCEPTED, [caseId]);
    const referrals = await Promise.all(rows.map(({ id }) => this.node.handler.load(referralProcedure, id)));
    return referrals.flatMap(({ state }) => {
      if (state === null) return [];
      const { sender, requestedAt, facts } = state.request;
      return [{ sender, requestedAt: new Date(requestedAt), facts }];
    });
  }

  /** What a receiver is told: what the request names, else what is on record; that nothing is known, where nothing is. */
  async toldOf(caseId: string, named?: ReferralFacts): Promise<ReferralFacts> {
    const registered = (await this.register?.factsOf(caseId)) ?? null;
    const rows = await factsTold(this.pool, caseId);
    const told = named ?? factsOnRecord(rows, registered) ?? NOTHING_KNOWN;
    // INV-08: naming facts does not talk a doubt away that is on record
    const isInDoubt =
      registered === null
        ? isAgeInDoubt([...wordsOf(rows), ...(await this.onceAccepted(caseId))])
        : isTreatedAsChild(registered.ageStatus);
    const ageStatus = isInDoubt && told.ageStatus === 'ADULT' ? 'DISPUTED' : told.ageStatus;
    return { ...told, ageStatus, ageBand: told.ageBand && { ...told.ageBand } };
  }
}
