import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { expect, it, onTestFinished } from 'vitest';
import { smtpMailer } from '../../adapters/smtp-mailer.ts';
import { loadConfig } from '../../config/config.ts';
import { instant } from '../../domain/instant.ts';
import { startMailbox } from '../../embedded/mailbox/mailbox.ts';
import { aFolder, call } from '../embedded/support.ts';

const MAIL = {
  messageId: '<0123456789abcdef@interdict>',
  to: 'ip@brand.test',
  subject: 'Is this yours? “Rölex”',
  text: 'Grüße\n.\nFrom here on: '.concat('x'.repeat(2_000)),
  html: '<p>Grüße</p>',
  date: instant('2025-10-02T09:00:00Z'),
};
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

/** What another implementation finds, with the public key where DNS would have it. */
async function verified(raw: Buffer, asked: string[] = []) {
  const resolver = async (name: string) => {
    asked.push(name);
    return [[RECORD]];
  };
  const { results } = await dkimVerify(raw, { resolver, strict: true });
  return results.map(({ status, signingDomain, selector }) => ({ result: status.result, signingDomain, selector }));
}

it('a signed mail verifies as it was received, and a retry is the same to the byte', async () => {
  const mailbox = await startMailbox({ dir: await aFolder(), smtpPort: 0, httpPort: 0, now: () => '2026-01-05T09:00:00.000Z', log: () => {} });
  onTestFinished(() => mailbox.stop());
  const dkim = { domain: 'house.test', selector: 's1', privateKey: PEM };
  const mailer = smtpMailer({ url: mailbox.smtpUrl, from: 'Desk <desk@house.test>', dkim });
  await mailer.send(MAIL);
  await mailer.send(MAIL);
  const raw = Buffer.from(await (await fetch(`${mailbox.url}/messages/00000001/raw`)).arrayBuffer());
  const asked: string[] = [];
  expect(await verified(raw, asked)).toEqual([{ result: 'pass', signingDomain: 'house.test', selector: 's1' }]);
  expect(asked).toContain('s1._domainkey.house.test');
  const tampered = Buffer.from(raw.toString('latin1').replace('From here on', 'From there on'), 'latin1');
  expect(await verified(tampered)).toMatchObject([{ result: 'fail' }]);
  const renamed = Buffer.from(raw.toString('latin1').replace('desk@house.test', 'desk@elsewhere.test'), 'latin1');
  expect(await verified(renamed)).toMatchObject([{ result: 'fail' }]);
  const copies = (await call(`${mailbox.url}/messages`)).body['messages'] as readonly { readonly digest: string }[];
  expect(copies[0]?.digest).toBe(copies[1]?.digest);
});

it('the key is checked when the settings are read, and never shown', async () => {
  const dir = await aFolder();
  const file = async (name: string, text: string) => {
    await writeFile(join(dir, name), text);
    return join(dir, name);
  };
  const env = { MAIL_DKIM_DOMAIN: 'house.test', MAIL_DKIM_SELECTOR: 's1' };
  const good = loadConfig({ ...env, MAIL_DKIM_KEY_FILE: await file('good.pem', PEM) });
  expect(good.config.mail.dkim).toEqual({ domain: 'house.test', selector: 's1' });
  expect(good.secrets.dkimKey?.reveal()).toBe(PEM);
  expect(JSON.stringify(good)).not.toContain('PRIVATE');
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const [path, words] of [
    [join(dir, 'nothing.pem'), /MAIL_DKIM_KEY_FILE cannot be read/],
    [await file('text.pem', 'hush'), /MAIL_DKIM_KEY_FILE must hold a private key in PEM form/],
    [await file('weak.pem', weak), /MAIL_DKIM_KEY_FILE must hold an RSA key of at least 2048 bits/],
    [await file('other.pem', other), /MAIL_DKIM_KEY_FILE must hold an RSA key/],
  ] as const)
    expect(() => loadConfig({ ...env, MAIL_DKIM_KEY_FILE: path })).toThrow(words);
  expect(() => loadConfig(env)).toThrow(/MAIL_DKIM_KEY_FILE is missing, but MAIL_DKIM_DOMAIN and MAIL_DKIM_SELECTOR are given/);
  expect(() => loadConfig({ ...env, MAIL_DKIM_DOMAIN: 'a b; d=x' })).toThrow(/MAIL_DKIM_DOMAIN must be a domain name/);
});
