import type { JsonObject } from '@acogida/core';
import { type ApiClient, pause, RefusedError } from '@acogida/operations';
import { type ArrivalPace, nextLookMs } from './arrival-pace.ts';
import type { AsylumPlan, RowPlan, TraffickingPlan } from './row-plan.ts';

/** Role under which the importer acts at every agency. */
export const IMPORT_ROLE = 'import';

/** The referral did not reach its receiver in time. */
export class NotArrivedError extends Error {
  override readonly name = 'NotArrivedError';
}

/** How a journey is played. */
export interface JourneyOptions {
  readonly client: Pick<ApiClient, 'call'>;
  /** Longest wait for a referral to arrive at its receiver, in milliseconds. */
  readonly arrivalPatienceMs: number;
  /** Shared by all rows of an import. */
  readonly pace: ArrivalPace;
  readonly signal?: AbortSignal;
}

/**
 * Plays one row through the agencies' public APIs. Each step has the Idempotency-Key `<row key>:<step>` and a body that
 * depends on the row only, so that a second run is answered with what the first run did.
 */
export class RowJourney {
  readonly #options: JourneyOptions;
  readonly #rowKey: string;
  #anyStepWasNew = false;

  constructor(rowKey: string, options: JourneyOptions) {
    this.#rowKey = rowKey;
    this.#options = options;
  }

  /** Resolves to `accepted` when at least one step was new, to `alreadyPresent` when all had been done before. */
  async play(plan: RowPlan): Promise<'accepted' | 'alreadyPresent'> {
    const caseId = await this.#step(plan.intake, 'contact', '/v1/cases', plan.contact);
    const ofCase = `/v1/cases/${caseId}`;
    await this.#step(plan.intake, 'rights-information', `${ofCase}/rights-information`, plan.rightsInformation);
    await this.#step(plan.intake, 'registration', `${ofCase}/registration`, plan.registration);
    await this.#step(plan.intake, 'urgent-needs', `${ofCase}/urgent-needs`, plan.urgentNeeds);
    if (plan.trafficking !== null) await this.#playTrafficking(plan.intake, caseId, plan.trafficking);
    if (plan.asylum !== null) await this.#playAsylum(plan.intake, caseId, plan.asylum);
    return this.#anyStepWasNew ? 'accepted' : 'alreadyPresent';
  }

  async #playTrafficking(intake: string, caseId: string, plan: TraffickingPlan): Promise<void> {
    await this.#step(intake, 'trafficking-flag', `/v1/cases/${caseId}/trafficking-flag`, plan.flag);
    const referralId = await this.#refer(intake, plan.receiver, 'screening', { caseId, ...plan.referral });
    const at = plan.receiver;
    const screeningId = await this.#step(at, 'screening', '/v1/screenings', { caseId, referralId });
    const ofScreening = `/v1/screenings/${screeningId}`;
    await this.#step(at, 'screening-safety', `${ofScreening}/safety`, plan.safety);
    await this.#step(at, 'screening-consent', `${ofScreening}/consent`, plan.consent);
    if (plan.consent['decision'] !== 'GIVEN') return; // a refusal keeps assistance open and ends the interview (§2.4)
    await this.#step(at, 'screening-interview', `${ofScreening}/interview`, plan.interview);
    await this.#step(at, 'screening-outcome', `${ofScreening}/outcome`, plan.outcome);
  }

  async #playAsylum(intake: string, caseId: string, plan: AsylumPlan): Promise<void> {
    await this.#step(intake, 'asylum-intent', `/v1/cases/${caseId}/asylum-intent`, plan.intent);
    const referralId = await this.#refer(intake, plan.receiver, 'asylum', { caseId, ...plan.referral });
    const application = { caseId, referralId, ...plan.application };
    const applicationId = await this.#step(plan.receiver, 'application', '/v1/applications', application);
    await this.#step(
      plan.receiver,
      'application-registration',
      `/v1/applications/${applicationId}/registration`,
      plan.registration,
    );
  }

  /** Sends the referral, waits for it at the receiver, and has it acknowledged and accepted there. */
  async #refer(sender: string, receiver: string, name: string, body: JsonObject): Promise<string> {
    const { id: referralId, isNew } = await this.#take(sender, `${name}-referral`, '/v1/referrals', body);
    await this.#arrival(receiver, referralId, isNew);
    await this.#step(receiver, `${name}-acknowledgement`, `/v1/referrals/${referralId}/acknowledgement`, {});
    await this.#step(receiver, `${name}-acceptance`, `/v1/referrals/${referralId}/acceptance`, {});
    return referralId;
  }

  async #arrival(receiver: string, referralId: string, isNew: boolean): Promise<void> {
    const { arrivalPatienceMs, pace, signal } = this.#options;
    const sentMs = performance.now();
    if (isNew && pace.firstWaitMs > 0) await pause(pace.firstWaitMs, signal);
    if (await this.#isThere(receiver, referralId)) {
      if (isNew) pace.foundAtOnce();
      return;
    }
    do {
      const waitedMs = performance.now() - sentMs;
      if (waitedMs > arrivalPatienceMs) throw new NotArrivedError('the referral did not reach its receiver in time');
      await pause(nextLookMs(waitedMs), signal);
    } while (!(await this.#isThere(receiver, referralId)));
    pace.foundAfter(performance.now() - sentMs);
  }

  async #isThere(receiver: string, referralId: string): Promise<boolean> {
    const path = `/v1/referrals/${referralId}`;
    try {
      await this.#options.client.call({ agency: receiver, role: IMPORT_ROLE, method: 'GET', path });
      return true;
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 404) throw error;
      return false;
    }
  }

  async #step(agency: string, step: string, path: string, body: JsonObject): Promise<string> {
    return (await this.#take(agency, step, path, body)).id;
  }

  async #take(
    agency: string,
    step: string,
    path: string,
    body: JsonObject,
  ): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const answer = await this.#options.client.call<{ id: string }>({
      agency,
      role: IMPORT_ROLE,
      method: 'POST',
      path,
      body,
      idempotencyKey: `${this.#rowKey}:${step}`,
    });
    if (!answer.replayed) this.#anyStepWasNew = true;
    return { id: answer.body.id, isNew: !answer.replayed };
  }
}
