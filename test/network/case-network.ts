import { RIGHTS_TOPICS } from '@acogida/reference';
import { eventually } from '@acogida/testing';
import { AgencyNetwork, INTAKE, OMBUDSMAN, PATIENCE_MS } from './agency-network.ts';

const BORDER = { roles: ['border-officer'] } as const;
const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;

/** A consent to be referred, as it is asked for. */
export interface ConsentAsked {
  readonly recipient: string;
  readonly service: string;
  /** `FROM_OPENING`, or `CURRENT`: nothing of what was before. */
  readonly history: string;
}

/** What agencies do with cases of the intake agency. */
export class CaseNetwork extends AgencyNetwork {
  /** A case of the intake agency. */
  async openCase(): Promise<string> {
    const contact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
    return (await this.does<{ id: string }>(INTAKE, '/v1/cases', contact, BORDER)).body.id;
  }

  /** The intake agency records something more of the case, for its circle. */
  async informOfRights(caseId: string): Promise<void> {
    const informed = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
    const path = `/v1/cases/${caseId}/rights-information`;
    await this.does(INTAKE, path, { ...informed, packageVersion: 'cr-spa-2026.1' }, BORDER);
  }

  /** A consent to be referred to an agency, recorded by the intake agency. */
  async consent(caseId: string, recipient: string, service: string, history: string): Promise<string> {
    const given = consentOf(caseId, { recipient, service, history });
    return (await this.does<{ id: string }>(INTAKE, '/v1/consents', given, SENDING)).body.id;
  }

  /** A referral by the intake agency; resolves once its receiver has it. */
  async refer(
    caseId: string,
    receiver: string,
    service: string,
    consentId: string,
    { transfer = false }: { readonly transfer?: boolean } = {},
  ): Promise<string> {
    const asked = { caseId, receiver, service, urgency: 'URGENT', reason: 'SPECIFIC_NEED', consentId, transfer };
    const { id } = (await this.does<{ id: string }>(INTAKE, '/v1/referrals', asked, SENDING)).body;
    await this.shows(receiver, id, 'REQUESTED');
    return id;
  }

  /** Refers a case under a consent that opens its past; resolves once its receiver took it on. */
  async referAndAccept(caseId: string, receiver: string, service: string, history = 'FROM_OPENING'): Promise<string> {
    const consentId = await this.consent(caseId, receiver, service, history);
    const id = await this.refer(caseId, receiver, service, consentId);
    await this.answer(receiver, id, 'acknowledgement', 'ACKNOWLEDGED');
    await this.answer(receiver, id, 'acceptance', 'ACCEPTED');
    return id;
  }

  /** Brings a referral that was taken on to its end at both agencies. */
  async complete(id: string, receiver: string, result: string): Promise<void> {
    await this.answer(receiver, id, 'completion', 'COMPLETED', { result });
    await this.does(INTAKE, `/v1/referrals/${id}/loop-closure`, { outcome: 'NEED_MET' }, SENDING);
    for (const agency of [receiver, INTAKE]) await this.shows(agency, id, 'LOOP_CLOSED');
  }

  /** A step of the receiver; resolves once both ends know of it. */
  async answer(receiver: string, id: string, step: string, state: string, body: object = {}): Promise<void> {
    await this.does(receiver, `/v1/referrals/${id}/${step}`, body, ANSWERING);
    for (const agency of [receiver, INTAKE]) await this.shows(agency, id, state);
  }

  /** Resolves once an agency shows a referral in this state. */
  async shows(agency: string, id: string, state: string): Promise<void> {
    const options = agency === INTAKE ? SENDING : ANSWERING;
    await eventually(async () => {
      const reply = await this.at(agency).get(`/v1/referrals/${id}`, options);
      const shown = reply.body as { readonly state?: string; readonly requestStatus?: string } | undefined;
      const states = [shown?.state, shown?.requestStatus];
      if (reply.status !== 200 || !states.includes(state)) {
        throw new Error(`${agency}: ${reply.status} ${states.join()}`);
      }
    }, PATIENCE_MS);
  }

  /** Types of the case's events on the auditor's timeline. */
  async timelineOf(caseId: string): Promise<readonly (string | null)[]> {
    const reply = await this.at(OMBUDSMAN).get(`/v1/cases/${caseId}/timeline`, { roles: ['auditor'] });
    if (reply.status !== 200) return [];
    return (reply.body as { entries: { type: string | null }[] }).entries.map(({ type }) => type);
  }
}

/** What a consent to be referred says. */
export function consentOf(caseId: string, { recipient, service, history }: ConsentAsked): object {
  return {
    ...{ purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: [recipient], services: [service], history },
    ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa' },
    ...{ interpretation: 'NONE_NEEDED', explained: true, understandingChecked: true, withoutPenalty: true },
    caseId,
  };
}
