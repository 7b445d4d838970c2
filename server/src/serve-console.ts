import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { static as serveFiles, type NextFunction, type Request, type Response } from 'express';

const BASE = '/orchestrator';
/** The build puts a hash of the content into these names: the same name is always the same file. */
const HASHED = /(-[A-Za-z0-9_-]{8}\.(js|css)|[/\\]media[/\\][^/\\]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+)$/;

/**
 * Serves the console's files under /orchestrator, its page for every address in it, and sends a browser that
 * opens / there. Does nothing where the console is not built.
 */
export function serveConsole(app: NestExpressApplication, folder: string): void {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) return;
  app.use(BASE, serveFiles(folder, { index: false, redirect: false, setHeaders: setCaching }));
  app.use(BASE, (request: Request, response: Response, next: NextFunction) => {
    if (!isPageAddress(request) || !request.accepts('html')) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(page);
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    // A program that asks for anything is given the API's answer.
    const isBrowser = request.accepts(['json', 'html']) === 'html';
    if (request.path === '/' && isBrowser && isPageAddress(request)) response.redirect(302, `${BASE}/`);
    else next();
  });
}

function setCaching(response: { setHeader(name: string, value: string): unknown }, path: string): void {
  response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** An address of the console itself, as against a missing file of it. */
function isPageAddress(request: Request): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !/\.[a-z0-9]+$/i.test(request.path);
}
