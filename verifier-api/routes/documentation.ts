// SPDX-License-Identifier: GPL-3.0-or-later
import { streamRoute, type Route } from '../http/route.ts';
import { docsPage } from '../openapi/docs-page.ts';
import { openApiDocument } from '../openapi/openapi-document.ts';

/** @param others every other route: these two describe them and themselves */
export function documentationRoutes(others: readonly Route[]): Route[] {
  const pages = { json: '', html: '' };
  const routes: Route[] = [
    streamRoute({
      method: 'get',
      path: '/openapi.json',
      tag: 'Operations',
      summary: 'This description, for machines',
      replies: { 200: { description: 'OpenAPI 3.1.', mediaType: 'application/json' } },
      handler: async (_, response) => void response.type('application/json').send(pages.json),
    }),
    streamRoute({
      method: 'get',
      path: '/docs',
      tag: 'Operations',
      summary: 'This description, for people',
      replies: { 200: { description: 'One page that loads nothing else.', mediaType: 'text/html' } },
      handler: async (_, response) => {
        response
          .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
          .type('html')
          .send(pages.html);
      },
    }),
  ];
  const document = openApiDocument([...others, ...routes]);
  pages.json = JSON.stringify(document, null, 2);
  pages.html = docsPage([...others, ...routes], document);
  return routes;
}
