import type { FastifyInstance } from 'fastify';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
};

/** Answers are JSON and nothing runs in them; the documentation page loads its own scripts and inline styles. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
const DOCUMENTATION =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'";

/** The headers that keep browsers from caching, sniffing, framing or running an answer. */
export function securityHeadersOf(url: string): Readonly<Record<string, string>> {
  const isDocumentation = url === '/docs' || url.startsWith('/docs/');
  return {
    ...HEADERS,
    'cache-control': 'no-store',
    'content-security-policy': isDocumentation ? DOCUMENTATION : NOTHING,
  };
}

/** Sets `securityHeadersOf` on every answer. */
export function setSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(securityHeadersOf(request.url));
    done();
  });
}
