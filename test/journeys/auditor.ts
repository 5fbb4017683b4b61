import { IssuerTokens, nodeOf } from '@acogida/operations';
import type { RunningPlatform } from './running-platform.ts';

/** One entry of a case's history, as the timeline answers it. */
export interface Entry {
  readonly id: string;
  readonly source: string;
  readonly number: number;
  readonly type: string | null;
  readonly causation: { readonly source: string; readonly id: string } | null;
  readonly data: Record<string, unknown> | null;
  readonly recordedAt: string;
}

/** The coded facts of a case, as the timeline answers them. */
export interface CaseFacts {
  readonly caseId: string;
  readonly child: boolean;
  readonly ageStatus: string | null;
  readonly traffickingFlagged: boolean;
  readonly traffickingSuggested: string | null;
  readonly traffickingOutcome: string | null;
  readonly asylumState: string | null;
  readonly agencies: readonly string[];
  readonly referrals: readonly { readonly state: string; readonly receiver: string | null }[];
}

/** Timelines that are asked for at the same time. */
const AT_THE_SAME_TIME = 8;

/** Reads the shared timeline over HTTP, as an auditor does. */
export class Auditor {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  static async of(platform: RunningPlatform): Promise<Auditor> {
    const run = await platform.run();
    const tokens = new IssuerTokens(run.issuer);
    return new Auditor(nodeOf(run, 'cr-ombudsman').url, await tokens.token('cr-ombudsman', 'auditor'));
  }

  async #get(path: string): Promise<Response> {
    const response = await fetch(new URL(path, this.#url), { headers: this.#headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** Every case that the search finds, page after page. */
  async cases(search = ''): Promise<CaseFacts[]> {
    const found: CaseFacts[] = [];
    for (let next: string | null = `/v1/cases?limit=100${search}`; next !== null;) {
      const response: Response = await this.#get(next);
      found.push(...((await response.json()) as { items: CaseFacts[] }).items);
      next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
    }
    return found;
  }

  async timeline(caseId: string, asOf?: string): Promise<Entry[]> {
    const query = asOf === undefined ? '' : `?asOf=${asOf}`;
    const response = await this.#get(`/v1/cases/${caseId}/timeline${query}`);
    return ((await response.json()) as { entries: Entry[] }).entries;
  }

  /** The timelines of many cases, in the order asked for; some are asked for at the same time. */
  async timelines(caseIds: readonly string[]): Promise<Map<string, Entry[]>> {
    const found = new Map<string, Entry[]>(caseIds.map((caseId) => [caseId, []]));
    const waiting = caseIds.values();
    const ask = async (): Promise<void> => {
      for (const caseId of waiting) found.set(caseId, await this.timeline(caseId));
    };
    await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, ask));
    return found;
  }
}

/** Entries that stand before their cause; none in causal order. */
export function effectsBeforeCauses(entries: readonly Entry[]): Entry[] {
  const place = new Map(entries.map((entry, index) => [entry.id, index]));
  return entries.filter((entry, index) => entry.causation !== null && (place.get(entry.causation.id) ?? -1) > index);
}
