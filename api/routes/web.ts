import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import type { App } from '../route.ts';

/** Where the one-file page is that checks an exported history by itself. */
const VERIFY = '/verify.html';

/** The one page behind every address of the portal. */
export function pageOf(dir: string): string {
  return readFileSync(join(dir, 'index.html'), 'utf8');
}

/** Whether a browser opens an address that may be one of the page's own; the page shows what belongs there. */
export function isOfPage({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api/') && !url.startsWith('/assets/') && headers.accept?.includes('text/html') === true;
}

/** Serves the built pages of a folder. Files under `/assets/` carry their digest in their name and never change. */
export async function addPages(app: App, dir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(dir, 'assets'),
    prefix: '/assets/',
    index: false,
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  });
  app.get('/icon.svg', { schema: { hide: true } }, (_request, reply) => reply.header('cache-control', 'no-cache').sendFile('icon.svg', dir));
  addVerifyPage(app, readFileSync(join(dir, 'verify.html'), 'utf8'));
}

/** The page carries its policy, which holds on a disk too; only a server can add that nobody may frame it. */
function addVerifyPage(app: App, html: string): void {
  const own = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  if (own === undefined) throw new Error('the built page that checks a file carries no policy');
  const policy = `${own}; frame-ancestors 'none'`;
  app.get(VERIFY, { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' }).send(html),
  );
}
