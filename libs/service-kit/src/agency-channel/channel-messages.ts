import { hash } from 'node:crypto';
import type { JsonObject } from '@acogida/core';
import type { JWTPayload } from 'jose';
import { ChannelFault } from './channel-fault.ts';
import type { ChannelRequest } from './port.ts';

/** Longest envelope of a question or an answer, in bytes. */
export const ENVELOPE_LIMIT_BYTES = 128 * 1024;
/** Media type of envelopes: a JWS within a JWE, both compact (RFC 7515, RFC 7516). */
export const ENVELOPE_TYPE = 'application/jose';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const POINT = /^[A-Za-z0-9_-]{43}$/;

/** A question as it was signed. */
export interface AskedQuestion {
  /** Not yet known to be a topic of this node. */
  readonly topic: string;
  readonly requestId: string;
  readonly body: JsonObject;
  /** X25519 public key that the answer is sealed to: made for this one try, and forgotten with it. */
  readonly replyTo: string;
}

/** What is signed of a question. */
export function questionClaims({ topic, requestId, body }: ChannelRequest, replyTo: string): JsonObject {
  return { topic, requestId, body, replyTo };
}

/** The question of a verified statement. @throws ChannelFault `MALFORMED` */
export function questionOf({ topic, requestId, body, replyTo }: JWTPayload, from: string): AskedQuestion {
  const isWhole = typeof topic === 'string' && isRequestId(requestId) && isJsonObject(body) && isTextOf(replyTo, POINT);
  if (!isWhole) throw new ChannelFault('MALFORMED', from);
  return { topic, requestId, body, replyTo };
}

/** What is signed of an answer; it names the question that it is to, as that was signed. */
export function answerClaims({ topic, requestId }: AskedQuestion, question: string, body: JsonObject): JsonObject {
  return { topic, requestId, question: digestOf(question), body };
}

/**
 * The body of a verified answer to this very question.
 *
 * @param question the question as it was signed
 * @throws ChannelFault `OTHER_REQUEST`, `MALFORMED`
 */
export function answerOf(claims: JWTPayload, asked: ChannelRequest, question: string, from: string): JsonObject {
  const { topic, requestId, body } = claims;
  const isTo = topic === asked.topic && requestId === asked.requestId && claims['question'] === digestOf(question);
  if (!isTo) throw new ChannelFault('OTHER_REQUEST', from);
  if (!isJsonObject(body)) throw new ChannelFault('MALFORMED', from);
  return body;
}

/** Whether a request may have this id. */
export function isRequestId(value: unknown): value is string {
  return isTextOf(value, UUID);
}

function digestOf(question: string): string {
  return hash('sha256', question, 'hex');
}

function isTextOf(value: unknown, format: RegExp): value is string {
  return typeof value === 'string' && format.test(value);
}

/** JWT payloads are parsed JSON. */
function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
