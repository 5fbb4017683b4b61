import { Controller, Header, HttpCode, type OnModuleInit, Post, Req } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Public } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { Problem } from '../http/problem.ts';
import { ChannelDesk } from './channel-desk.ts';
import { ENVELOPE_LIMIT_BYTES, ENVELOPE_TYPE } from './channel-messages.ts';
import { CHANNEL_PATH } from './channel-url.ts';

/**
 * Where other agencies ask. Open to callers without a token: what they send is signed, and answered to who signed it. Safeguards need
 * neither circle nor consent (architecture.md §7): what is answered is the services' affair, and no way out that consent judges.
 */
@Controller(CHANNEL_PATH)
@ApiExcludeController()
@Public()
export class ChannelController implements OnModuleInit {
  constructor(
    private readonly desk: ChannelDesk,
    private readonly adapters: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    acceptEnvelopes(this.adapters.httpAdapter.getInstance<FastifyInstance>());
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', ENVELOPE_TYPE)
  @StaysHere()
  async answer(@Req() { body }: FastifyRequest): Promise<string> {
    if (typeof body !== 'string') throw notAnEnvelope();
    return this.desk.answer(body);
  }
}

/** Reads envelopes that are sent to the channel, and nowhere else. */
function acceptEnvelopes(fastify: FastifyInstance): void {
  const options = { parseAs: 'string', bodyLimit: ENVELOPE_LIMIT_BYTES } as const;
  fastify.addContentTypeParser(ENVELOPE_TYPE, options, (request, body, done) => {
    if (request.url === `/${CHANNEL_PATH}`) done(null, body);
    else done(new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'send application/json'));
  });
}

function notAnEnvelope(): Problem {
  return new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `send ${ENVELOPE_TYPE}`);
}
