import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../config/config.ts';
import { settingRows } from '../../config/settings.ts';

const LOGIN = 'postgres://owner:hush@db:5432/interdict?sslmode=require';

test('without settings everything is embedded', () => {
  const { config, secrets } = loadConfig({});
  expect(config).toMatchObject({
    operator: 'main',
    outageMs: 120_000,
    database: { embedded: true },
    temporal: { embedded: true, namespace: 'interdict' },
    mail: { embedded: true },
    marketplace: { embedded: true },
  });
  expect([secrets.database, secrets.smtpUrl, Object.isFrozen(config), Object.isFrozen(config.temporal)]).toEqual([undefined, undefined, true, true]);
});

test('the serving logins are bound to their roles unless they are given', () => {
  const { secrets } = loadConfig({ DATABASE_URL: LOGIN, PORTAL_DATABASE_URL: 'postgresql://portal@db/interdict' });
  expect(secrets.database?.migrator.reveal()).toBe(LOGIN);
  expect(secrets.database?.engine.reveal()).toBe(`${LOGIN}&options=-c%20role%3Dinterdict_engine`);
  expect(secrets.database?.portal.reveal()).toBe('postgresql://portal@db/interdict');
});

test('nothing that is printed or serialised shows a secret', () => {
  const settings = loadConfig({ DATABASE_URL: LOGIN, SMTP_URL: 'smtp://user:hush@mail:587' });
  for (const shown of [JSON.stringify(settings), inspect(settings, { depth: 9 }), String(settings.secrets.smtpUrl)])
    expect(shown).not.toContain('hush');
});

test('all wrong and missing values are named at once, without their values', () => {
  const load = () => loadConfig({ SMTP_URL: 'hush', INTERDICT_PORT: '80', INTERDICT_OPERATOR: 'A B' });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(/SMTP_URL must be an address.*INTERDICT_PORT must be a whole number.*INTERDICT_OPERATOR must be/);
  expect(load).not.toThrow(/hush/);
  expect(() => loadConfig({ ENGINE_DATABASE_URL: LOGIN })).toThrow(/DATABASE_URL is missing/);
});

test.each(['post@house.example', 'Interdict <no-reply@house.example>', 'Haus für Marken <post@xn--bcher-kva.example>'])(
  '%s can be a sender',
  (from) => {
    expect(loadConfig({ MAIL_FROM: from }).config.mail).toEqual({ embedded: true, from, returnDelimiter: '+' });
    expect(loadConfig({ MAIL_GIVE_UP_HOURS: '24' }).config.mail.giveUpAfterMs).toBe(86_400_000);
  },
);

test.each(['house', 'A <b@c.example>, D <e@f.example>', 'a@b.example\r\nBcc: x@y.example', 'A, B <a@b.example>', '<a@b.example', 'A <>'])(
  '%j can be no sender',
  (from) => {
    expect(() => loadConfig({ MAIL_FROM: from })).toThrow(/MAIL_FROM must be an address, or a name and an address/);
  },
);

test('inbound mail has an address and a place to listen, both or neither', () => {
  const env = { MAIL_REPLY_TO: 'desk@house.example', MAIL_DOOR: '[::1]:2525' };
  expect(loadConfig(env).config.mail.inbound).toEqual({ address: 'desk@house.example', host: '::1', port: 2525 });
  expect(() => loadConfig({ MAIL_DOOR: '0.0.0.0:25' })).toThrow(/MAIL_REPLY_TO is missing, but MAIL_DOOR is given/);
  expect(() => loadConfig({ ...env, MAIL_REPLY_TO: 'Desk <desk@house.example>' })).toThrow(/MAIL_REPLY_TO must be a mail address/);
  expect(() => loadConfig({ ...env, MAIL_DOOR: '2525' })).toThrow(/MAIL_DOOR must be host:port/);
});

test.each([
  ['1', 1],
  ['2', 2],
  ['10.0.0.5', ['10.0.0.5']],
  ['10.0.0.5, 10.1.0.0/16,2001:db8::/32', ['10.0.0.5', '10.1.0.0/16', '2001:db8::/32']],
])('%s says which proxies are believed', (text, expected) => {
  expect(loadConfig({ INTERDICT_TRUSTED_PROXIES: text }).config.portal.trustedProxies).toEqual(expected);
});

test.each(['0', '17', 'yes', 'proxy.example', '10.0.0.5/33', '10.0.0.5,', '::1/129'])('%j names no proxies', (text) => {
  expect(() => loadConfig({ INTERDICT_TRUSTED_PROXIES: text })).toThrow(/INTERDICT_TRUSTED_PROXIES must be a number from 1 to 16, or addresses/);
});

test('an issuer is trusted with addresses only where a setting says so', () => {
  const env = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'portal', OIDC_CLIENT_SECRET: 'hush' };
  expect(loadConfig(env).config.portal.oidc?.emailVerified).toBe('strict');
  expect(loadConfig({ ...env, OIDC_EMAIL_VERIFIED: 'trusted' }).config.portal.oidc?.emailVerified).toBe('trusted');
  expect(() => loadConfig({ ...env, OIDC_EMAIL_VERIFIED: 'yes' })).toThrow(/OIDC_EMAIL_VERIFIED must be strict or trusted/);
});

test('the mark of a mail has to fit into an address', () => {
  const env = { MAIL_REPLY_TO: `${'d'.repeat(32)}@house.example`, MAIL_DOOR: '127.0.0.1:2525' };
  expect(() => loadConfig(env)).toThrow(/MAIL_REPLY_TO must have at most 31 characters before the @/);
  expect(loadConfig({ ...env, MAIL_RETURN_DELIMITER: 'none' }).config.mail.returnDelimiter).toBe('none');
  expect(() => loadConfig({ MAIL_RETURN_DELIMITER: '/' })).toThrow(/MAIL_RETURN_DELIMITER must be/);
});

test('every setting is described', () => {
  expect(settingRows().filter(({ description }) => description === '')).toEqual([]);
  expect(settingRows()).toContainEqual(expect.objectContaining({ name: 'INTERDICT_OUTAGE_MS', fallback: '120000' }));
});
