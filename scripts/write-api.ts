import { writeFileSync } from 'node:fs';
import { ACCESS, type Operation } from '../api/access.ts';
import type { ServerDeps } from '../api/deps.ts';
import { createServer } from '../api/server.ts';

interface Described {
  readonly summary?: string;
  readonly tags?: readonly string[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

/** The page of the HTTP API, from the document that the server answers with. A test compares it with the file. */
export async function apiPage(): Promise<string> {
  // The document follows from the routes alone: nothing of what they work with is touched.
  const app = await createServer({ origin: 'http://127.0.0.1', log: { warn: () => {} } } as unknown as ServerDeps);
  const document = app.swagger() as unknown as Document;
  const operations = new Map(
    app.apiRoutes.map(({ method, url, config }) => [`${String(method).toLowerCase()} ${url.replace(/:(\w+)/g, '{$1}')}`, config?.access?.operation]),
  );
  await app.close();
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '', tags = [] }]) => {
      const who = whoMay(operations.get(`${method} ${path}`));
      return `| ${tags.join(', ')} | \`${method.toUpperCase()} ${path}\` | ${summary.replaceAll('|', '\\|')} | ${who} |`;
    }),
  );
  return HEAD + rows.sort().join('\n') + TAIL;
}

function whoMay(operation: Operation | undefined): string {
  return operation === undefined ? 'everybody' : ACCESS[operation].join(', ');
}

const HEAD = `# HTTP API

\`npm start\` prints where it is; \`/api/openapi.json\` there is the whole document (OpenAPI 3.1). This page is written from the same
routes by \`scripts/write-api.ts\`.

| part | operation | what it does | who may |
|---|---|---|---|
`;

const TAIL = `

"Who may" is the access table (\`api/access.ts\`). What of it somebody reaches is asked for every id in a request: what one
is no party to is answered like what does not exist (404). A seller reaches a case from the first notification of it on. Referrals are for the
platform's people; a brand reads and answers its own part under \`/api/appraisals\`, where neither the actor, the recipient nor another
brand is named.

## Signing in

- **People**: \`POST /api/sign-in/link\` sends a one-time link to an address that is known here (the answer is the same if it is not);
  opening it shows a page with a button, and only the button uses it up. With \`OIDC_ISSUER\` set, \`/sign-in/oidc\` signs in with the
  provider; the verified mail address says who somebody is. A session ends after two idle hours, after twelve, or when the mandate
  ends. Writes carry \`X-CSRF-Token\` from \`GET /api/session\`. A write that a page of another site has sent (\`Sec-Fetch-Site\`, else
  \`Origin\`) is refused, signing in among them.
- **Machines**: \`npm run interdict -- key create --for WHO --label TEXT --scope read write\` shows a key once; send it as
  \`Authorization: Bearer ...\`. Scopes: \`read\`, \`write\`, \`export\`, \`webhooks\`. \`key rotate\` lets the old one work for an hour.

## Writing

Every message to a case, an appeal, a sanction or a referral carries \`Idempotency-Key\` (8 to 128 visible ASCII characters, yours alone): sending
it again changes nothing and returns the first answer. 200 means decided; 202 means accepted and saved but not decided yet, with the address of
the answer in \`Location\`; 409, 403 and 422 are refusals by the rules, sent as problem documents (RFC 9457) with \`code\`, \`detail\` and
\`cure\`. A verdict is meant as a first answer unless \`isCorrection\` is true: when two reviewers answer at once, one wins and the other sees
who gave which answer. Files that a message names (reports, photos, certificates) are sent to \`/api/documents\` before; the same bytes are
the same file. Imports stream (CSV, JSON lines or a JSON array, plain or gzip); importing again changes nothing. Policies are the same
when their content is. CSV that goes out has a mark for UTF-8, and an apostrophe before whatever a spreadsheet program would calculate.

## Following

- Lists are read with \`cursor\` until \`next\` is null; views have an \`ETag\`; \`/api/exports/...\` streams a whole list.
- \`/api/live\` sends \`change\` events (server-sent events) within about a second and goes on after \`Last-Event-ID\`; \`/api/changes\` gives
  the same page by page. \`reset\` says that more was missed than is kept.
- \`/api/webhooks\` registers an endpoint. Messages are signed by [Standard Webhooks](https://www.standardwebhooks.com): check
  \`webhook-signature\` over id, timestamp and body and refuse old timestamps; a retry has the same \`webhook-id\`. One message waits for
  the one before it, so after an outage everything comes in order. An endpoint that answers 410, or nothing for five days, is disabled; registered
  again it goes on with the message that it did not take, so that there is no gap, and \`isReset\` says where there is one all the same. Private addresses are refused outside the embedded stack.

- \`/api/calendars\` makes a feed of deadlines for calendar programs ([mail](mail.md)).

600 requests a minute for one person, whatever sessions and keys are used, and for one address of those who have not signed in; then 429
with \`Retry-After\`. A cookie or key that is none counts with its address. Behind a proxy the setting \`INTERDICT_TRUSTED_PROXIES\`
says whose word on addresses is taken. Every read of a case is on record
(\`/api/audit/access-log\`).
`;

if (import.meta.main) writeFileSync(new URL('../docs/api.md', import.meta.url), await apiPage());
