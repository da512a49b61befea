import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Webhook } from 'standardwebhooks';
import { webhookUnavailable } from './failures.ts';
import type { WebhookPort } from './ports.ts';

const TIMEOUT_MS = 10_000;

export interface WebhookOptions {
  /** Lets endpoints be on this machine and in private networks: for the embedded stack and for tests. */
  readonly allowPrivate?: boolean;
  readonly timeoutMs?: number;
}

/**
 * Sends messages by the Standard Webhooks specification: signed over id, instant and body, with every secret that is good now.
 * Redirects are not followed. Where an endpoint's name leads is judged when the connection is made, so that no name can point
 * somewhere else afterwards.
 * @throws ActivityFailure `webhook-unavailable` for every answer but 2xx and 410
 */
export function httpWebhooks({ allowPrivate = false, timeoutMs = TIMEOUT_MS }: WebhookOptions): WebhookPort {
  return {
    async send({ url, id, at, body, secrets }) {
      const seconds = Math.floor(Date.parse(at) / 1_000);
      const signature = secrets.map((secret) => new Webhook(secret).sign(id, new Date(seconds * 1_000), body)).join(' ');
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signature,
        'user-agent': 'interdict-webhooks/1',
      };
      const status = await post(new URL(url), headers, body, timeoutMs, allowPrivate);
      if (status >= 200 && status < 300) return 'delivered';
      if (status === 410) return 'gone';
      throw webhookUnavailable(`${new URL(url).host} answers ${status}`);
    },
  };
}

function post(url: URL, headers: Readonly<Record<string, string | number>>, body: string, timeoutMs: number, allowPrivate: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(webhookUnavailable(`${url.host}: ${error.message}`));
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowPrivate && ipaddr.isValid(literal) && !isPublic(literal)) return fail(new Error('is a private address'));
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { method: 'POST', headers, signal: AbortSignal.timeout(timeoutMs), lookup: lookupPublic(allowPrivate) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', fail);
    request.end(body);
    return undefined;
  });
}

function lookupPublic(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const good = allowPrivate ? addresses : addresses.filter(({ address }) => isPublic(address));
      const [first] = good;
      if (first === undefined) return callback(new Error(`${hostname} leads to a private address`), '', 0);
      return options.all === true ? callback(null, good) : callback(null, first.address, first.family);
    });
  };
}

/** Reachable by anybody: neither loopback, private, link-local nor any other special range, in IPv6 forms of IPv4 either. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}
