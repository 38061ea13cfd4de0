// SPDX-License-Identifier: GPL-3.0-or-later
import { PROBLEMS } from '../http/problem-catalog.ts';
import type { Route } from '../http/route.ts';
import { problemsOf, type OpenApiDocument } from './openapi-document.ts';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 22%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow: auto; max-height: 24rem; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; }
.method { display: inline-block; width: 3.2rem; font-weight: 700; text-transform: uppercase; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
:target { background: color-mix(in srgb, gold 30%, transparent); }
`;

/** One page that needs nothing else: every route, every schema, every problem. */
export function docsPage(routes: readonly Route[], document: OpenApiDocument): string {
  const paths = document['paths'] as Record<string, Record<string, Record<string, unknown>>>; // openApiDocument's own form
  const components = document['components'] as { schemas: Record<string, unknown> };
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const own = routes.filter((route) => route.tag === tag);
    return `<h2>${escape(tag)}</h2>${own.map((route) => routeHtml(route, paths)).join('')}`;
  });
  const problems = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title)}</td></tr>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<details id="schema-${name}"><summary><code>${name}</code></summary>${pre(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Phalanx verification API</title><style>${STYLE}</style>
<h1>Phalanx verification API</h1>
<p>Attestations in, proofs out, verification of any proof. Integers beyond 2<sup>53</sup> are canonical decimal strings, bytes
are lower-case 0x-hex, unknown fields are refused. Machine-readable: <a href="/openapi.json">/openapi.json</a>.</p>
<p>Every reply carries <code>X-Request-Id</code>, <code>RateLimit-Policy</code> and <code>RateLimit</code>; one that is
refused for its rate, <code>Retry-After</code>. Errors are <code>application/problem+json</code> (RFC 9457) with a stable
<code>code</code>; <code>errors</code> names each field and its bound.</p>
${sections.join('')}
<h2>Problems</h2><table><tr><th>Code<th>Status<th>Meaning</tr>${problems.join('')}</table>
<h2>Schemas</h2>${schemas.join('')}</html>`;
}

function routeHtml(route: Route, paths: Record<string, Record<string, Record<string, unknown>>>): string {
  const path = route.path.replace(/:(\w+)/g, '{$1}');
  const operation = paths[path]?.[route.method] ?? {};
  const replies = Object.entries(route.replies).map(
    ([status, { description }]) => `<tr><td>${status}<td>${escape(description)}</tr>`,
  );
  const problems = problemsOf(route).map((code) => `<a href="#${code}"><code>${code}</code></a>`);
  return `<details id="${escape(String(operation['operationId']))}"><summary><span class="method">${route.method}</span>
<code>${escape(path)}</code> ${escape(route.summary)}</summary>
${route.description ? `<p>${escape(route.description)}</p>` : ''}
${operation['parameters'] ? `<h4>Parameters</h4>${pre(operation['parameters'])}` : ''}
${operation['requestBody'] ? `<h4>Body</h4>${pre(operation['requestBody'])}` : ''}
<table>${replies.join('')}</table><p>Problems: ${problems.join(', ')}</p></details>`;
}

/** JSON with its references as links. */
function pre(value: unknown): string {
  const text = escape(JSON.stringify(value, null, 2));
  return `<pre>${text.replace(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>')}</pre>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
