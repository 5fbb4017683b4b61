import { createHmac, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN_FORMAT = /^[A-Za-z0-9_-]{43}$/;
const CODE_DIGITS = 6;

/** The secret part of a link: 32 random bytes as base64url. */
export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is told by another channel than the link: six digits. */
export function makeCode(): string {
  return String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
}

/** What is kept of a token; null for what cannot be one. */
export function tokenHashOf(token: string): string | null {
  return TOKEN_FORMAT.test(token) ? hash('sha256', token, 'hex') : null;
}

/** What is kept of a code: keyed by the token, so that six digits cannot be tried out by who has the table alone. */
export function codeHashOf(token: string, code: string): string {
  return createHmac('sha256', token).update(code).digest('hex');
}

/** Compares without telling by its time how much was right. */
export function isCode(token: string, code: string, codeHash: string): boolean {
  return timingSafeEqual(Buffer.from(codeHashOf(token, code), 'hex'), Buffer.from(codeHash, 'hex'));
}

/** The digits of a code as somebody typed it, blanks left out. */
export function typedCode(text: string): string {
  return text.replaceAll(/[\s-]/g, '').slice(0, CODE_DIGITS + 1);
}
