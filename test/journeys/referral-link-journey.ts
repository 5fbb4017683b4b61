import { expect, it } from '@jest/globals';
import { nodeOf } from '@acogida/operations';
import { DIRECTORY, INTAKE, pathOf, RECEIVER_ROLE, type ReferralScene, SENDER_ROLE } from './referral-scene.ts';

const MINUTES = 60_000;
const SHELTER = 'cr-albergue-del-sur';
const NAME = 'Albergue del Sur (sample)';

interface IssuedLink {
  readonly url: string;
  readonly code: string;
}

interface Candidates {
  readonly candidates: readonly { readonly agencyId: string; readonly can: boolean }[];
}

/** Somebody of an agency without a node, with nothing but an address and a code: pages and forms, nothing of the API. */
class Visitor {
  readonly #code: string;
  #url: string | null;

  constructor({ url, code }: IssuedLink) {
    this.#url = url;
    this.#code = code;
  }

  /** Where the next answer is given; null when none is expected any more. */
  get url(): string | null {
    return this.#url;
  }

  /** The page of the address, before the code is typed. */
  look(): Promise<string> {
    return this.#page({});
  }

  /** The page that shows the request. */
  open(): Promise<string> {
    return this.#submit({ code: this.#code });
  }

  /** Chooses an answer, confirms it, and goes on to where the thanks lead. */
  async answer(answer: string): Promise<void> {
    const thanks = await this.#submit({ code: this.#code, step: 'answer', answer, confirmed: 'yes' });
    this.#url = /href="(http[^"]+\/answer\/[^"]+)"/.exec(thanks)?.[1]?.replaceAll('&amp;', '&') ?? null;
  }

  #submit(fields: Readonly<Record<string, string>>): Promise<string> {
    return this.#page({ method: 'POST', body: new URLSearchParams(fields) });
  }

  async #page(request: RequestInit): Promise<string> {
    const reply = await fetch(this.#url ?? '', request);
    const page = await reply.text();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    return page;
  }
}

/** A shelter without a node is listed; resolves once the intake agency knows that it can be asked. */
async function listShelter({ agencies }: ReferralScene, caseId: string): Promise<void> {
  const listed = { agencyId: SHELTER, name: NAME, kind: 'SERVICE_PROVIDER', nature: 'NGO', jurisdiction: 'CR' };
  await agencies.post(DIRECTORY, 'coordinator', '/v1/agencies', { ...listed, participation: 'LINK' });
  const service = { agencyId: SHELTER, type: 'SHELTER', name: NAME, languages: ['spa'], areas: ['CR'] };
  await agencies.post(DIRECTORY, 'coordinator', '/v1/services', { ...service, capacity: 'AVAILABLE' });
  const asked = { caseId, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
  await agencies.heard(async () => {
    const { candidates } = await agencies.post<Candidates>(INTAKE, SENDER_ROLE, '/v1/candidates', asked);
    expect(candidates).toContainEqual(expect.objectContaining({ agencyId: SHELTER, can: true }));
  });
}

/** Agencies that answer without a node. */
export function describeLinkScenario(of: () => ReferralScene): void {
  it(
    'an agency without a node answers by link: its sender signs for it, and says so',
    async () => {
      const scene = of();
      const { agencies } = scene;
      const caseId = await scene.openCase();
      await listShelter(scene, caseId);
      const referral = await scene.refer(caseId, { receiver: SHELTER, service: 'SHELTER' });
      const issued = await agencies.post<IssuedLink>(INTAKE, RECEIVER_ROLE, `${pathOf(referral)}/links`, {
        language: 'fr',
      });
      expect(issued.url).toContain(`${nodeOf(agencies.run, INTAKE).url}/answer/`);

      const visitor = new Visitor(issued);
      const first = await visitor.look();
      expect(first).toContain('<html lang="fr"');
      expect(first).toContain(NAME);
      expect(await visitor.open()).toContain('value="ACKNOWLEDGE"');
      const answers = [
        ['ACKNOWLEDGE', 'ACKNOWLEDGED'],
        ['ACCEPT', 'ACCEPTED'],
        ['START', 'IN_PROGRESS'],
        ['COMPLETE.SERVICE_PROVIDED', 'COMPLETED'],
      ] as const;
      for (const [answer, state] of answers) {
        await visitor.answer(answer);
        await scene.isShown(referral, { state });
      }
      expect(visitor.url).toBeNull();
      await scene.step('sender', referral, 'loop-closure', 'COMPLETED', { outcome: 'NEED_MET' });
      const proxied = ['ReferralAcknowledged', 'ReferralAccepted', 'ReferralServiceStarted', 'ReferralCompleted'];
      await scene.hasEnded([referral], ['ReferralRequested', ...proxied, 'ReferralLoopClosed']);
      for (const { type, source, data } of await scene.auditor.timeline(caseId)) {
        if (type === null || !proxied.includes(type)) continue;
        expect({ type, source, data }).toMatchObject({ source: INTAKE, data: { proxied: SHELTER } });
      }
    },
    2 * MINUTES,
  );
}
