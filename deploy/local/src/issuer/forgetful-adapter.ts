import type { Adapter } from 'oidc-provider';

/** Storage of an issuer that has nothing to keep: its tokens are signed and stand for themselves, its clients are configured. */
export class ForgetfulAdapter implements Adapter {
  async upsert(): Promise<void> {}

  async find(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async consume(): Promise<void> {}

  async destroy(): Promise<void> {}

  async revokeByGrantId(): Promise<void> {}
}
