import { Body, Controller, Delete, Get, Headers, Inject, Param, Post } from '@nestjs/common';
import { TheCaller } from '../auth/access.js';
import { createKeyDocs, keysDocs, revokeKeyDocs } from './keys.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { CurrentConfig } from '../config/current-config.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { activeTraceparent } from '../http/request-span.js';
import { keyAnswer } from './key-edit.js';
import { KeyEdits } from './key-edits.js';
import { keyBody, keyPath, type KeyBody, type KeyPath } from './keys.schema.js';

/** Contract section 7, the keys of a tenant. */
@Controller('v1/keys')
export class KeysController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(KeyEdits) private readonly keys: KeyEdits,
  ) {}

  @Documented(createKeyDocs)
  @Post()
  create(
    @TheCaller() caller: Caller,
    @Body({ schema: keyBody }) sent: KeyBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ) {
    const wanted = { sent, idempotencyKey: idempotencyKeyOf(idempotencyKey), trace: activeTraceparent() };
    return this.keys.create(caller, wanted);
  }

  @Documented(keysDocs)
  @Get()
  async list(@TheCaller() { tenant }: Caller) {
    await this.config.readToEnd();
    return [...this.config.state.keys.values()]
      .filter((entry) => entry.tenant === tenant && !entry.value.revoked)
      .map(({ value }) => value)
      .sort((one, other) => one.createdAt - other.createdAt)
      .map(keyAnswer);
  }

  @Documented(revokeKeyDocs)
  @Delete(':id')
  async revoke(@TheCaller() caller: Caller, @Param({ schema: keyPath }) { id }: KeyPath) {
    await this.keys.revoke(caller, id, activeTraceparent());
    return { ok: true, deleted: id };
  }
}
