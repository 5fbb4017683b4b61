import type { Custody, CustodyCommand, Referral, ReferralCommand } from '@acogida/referral';
import type { AnyProcedure } from '@acogida/event-store';
import type { CaseKeysCommand, CaseKeysEvent, CaseKeysState, EpochNames, ProcedureHandler } from '@acogida/service-kit';
import type { Adapt } from './simulated-world.ts';

type Decide = (command: never, state: never) => readonly unknown[];

/** Lets one procedure decide otherwise, wherever its commands come from. */
function deciding(name: string, change: (decide: Decide) => Decide): Adapt {
  const changed = <O extends { readonly procedure: object }>(options: O): O => {
    const procedure = options.procedure as unknown as AnyProcedure;
    if (procedure.name !== name) return options;
    const { decider } = procedure;
    const decide = change((command, state) => decider.decide(command, state));
    return { ...options, procedure: { ...procedure, decider: { ...decider, decide } } };
  };
  return (handler) => ({
    execute: (options) => handler.execute(changed(options)),
    executeWithin: (transaction, options) => handler.executeWithin(transaction, changed(options)),
    load: (procedure, id, transaction) => handler.load(procedure, id, transaction),
  });
}

function referralDeciding(
  change: (
    command: ReferralCommand,
    state: Referral | null,
    decide: (command: ReferralCommand, state: Referral | null) => readonly unknown[],
  ) => readonly unknown[],
): Adapt {
  return deciding('referral', (decide) => {
    const real = decide as unknown as (command: ReferralCommand, state: Referral | null) => readonly unknown[];
    return (command: ReferralCommand, state: Referral | null) => change(command, state, real);
  });
}

/** The policy that gives a case away believes that its agency has it, whatever the terms say. */
const believesToHoldTheCase: Adapt = (handler) => {
  const load = (async (procedure: AnyProcedure, id: string, transaction: undefined) => {
    const loaded = await handler.load(procedure, id, transaction);
    if (procedure.name !== 'custody' || transaction === undefined) return loaded;
    const { first } = (loaded.state as Custody | null) ?? {};
    return first === undefined ? loaded : { ...loaded, state: { ...(loaded.state as Custody), ...first } };
  }) as unknown as ProcedureHandler['load'];
  return { load, execute: (options) => handler.execute(options), executeWithin: handler.executeWithin.bind(handler) };
};

/** Epochs that begin because a member leaves begin under the keys of the last one. */
function underKeysOf(last: EpochNames | undefined, event: CaseKeysEvent): CaseKeysEvent {
  if (event.type !== 'EpochBegun' || event.data.reason !== 'MEMBER_LEFT' || last === undefined) return event;
  const { subject, keyIds } = last;
  return { ...event, data: { ...event.data, subject, keyIds } };
}

const ROTATION = 'the epoch that begins when a member leaves has keys of its own';

/** What a missing check must be noticed as, where something else would not do. */
export const FOUND_AS: Readonly<Record<string, string>> = { [ROTATION]: 'a removed member reads on' };

/** Checks of the protocol, each with how the nodes behave without it. */
export const REMOVED_CHECKS: Readonly<Record<string, Adapt>> = {
  'the term of a release': believesToHoldTheCase,
  'a cancel after a release is refused': referralDeciding((command, state, decide) =>
    command.type === 'CancelReferral' || command.type === 'MarkReferralInError'
      ? decide(command, state && { ...state, custodyTerm: null })
      : decide(command, state),
  ),
  'a release is recorded in the stream of the case': deciding(
    'custody',
    (decide) => (command: CustodyCommand, state) =>
      command.type === 'RecordRelease' && command.number === null ? [] : decide(command as never, state),
  ),
  'what the receiver answered is noted': referralDeciding((command, state, decide) =>
    command.type === 'NoteAcceptance' ? [] : decide(command, state),
  ),
  'what the sender took back is noted': referralDeciding((command, state, decide) =>
    command.type === 'NoteCancellation' ? [] : decide(command, state),
  ),
  'a missed step is escalated': referralDeciding((command, state, decide) =>
    command.type === 'EscalateReferral' ? [] : decide(command, state),
  ),
  [ROTATION]: deciding('case-keys', (decide) => (command: CaseKeysCommand, state: never) => {
    const events = decide(command as never, state) as readonly CaseKeysEvent[];
    const last = (state as CaseKeysState).epochs.at(-1);
    return events.map((event) => underKeysOf(last, event));
  }),
  'what nobody answers expires': referralDeciding((command, state, decide) =>
    command.type === 'ExpireReferral' ? [] : decide(command, state),
  ),
};
