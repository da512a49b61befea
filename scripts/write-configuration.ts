import { writeFileSync } from 'node:fs';
import { settingRows } from '../config/settings.ts';

/** The page of settings, from the schema that checks them. A test compares it with the file. */
export function configurationPage(): string {
  const rows = settingRows().map(({ name, description, fallback }) => `| \`${name}\` | ${description.replaceAll('|', '\\|')} | ${fallback ?? ''} |`);
  return `# Configuration

Every setting is an environment variable; nothing else is read. Wrong values are all named in one message at the start. This page
is written from the schema by \`scripts/write-configuration.ts\`.

| variable | meaning | default |
|---|---|---|
${rows.join('\n')}

## Your own servers

Whatever has an address of its own is not embedded. With all of them set, \`npm start\` migrates the database, registers the
namespace and runs the worker only:

\`\`\`sh
export DATABASE_URL=postgres://owner:secret@db.example:5432/interdict
export TEMPORAL_ADDRESS=temporal.example:7233
export SMTP_URL=smtp://user:secret@mail.example:587
export MAIL_FROM="Interdict <no-reply@platform.example>"
export MAIL_REPLY_TO=desk@platform.example MAIL_DOOR=10.0.0.5:2525
export MARKETPLACE_URL=https://marketplace.example/enforcement
npm start -- --no-samples
\`\`\`

- \`DATABASE_URL\` owns and migrates the schema. The migration creates the roles \`interdict_engine\` and \`interdict_portal\`; without
  further settings the processes step into them. In production give the worker a login that is a member of \`interdict_engine\` and
  nothing else (\`ENGINE_DATABASE_URL\`): it refuses to serve on a role that row policies would not bind.
- Several workers may run: \`node worker/main.ts\` on any machine with the same settings. Rows and outbox messages are claimed, effects
  carry idempotency keys.
- The marketplace adapter speaks the HTTP interface of \`embedded/marketplace\`: takedown, put-back, listing, page, images and shop
  messages, each effect with an \`Idempotency-Key\`.
- Replies and delivery reports: see [mail](mail.md).
- Captures are kept in \`vault\` under the data folder (\`INTERDICT_DATA\`).
`;
}

if (import.meta.main) writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationPage());
