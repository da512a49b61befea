import * as oidc from 'openid-client';
import { z } from 'zod';
import { beginSession, whoHasMail } from '../../store/access/sign-in.ts';
import { work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../deps.ts';
import { roundTripCookie, setSessionCookie } from '../identity.ts';
import { refuse } from '../problems.ts';
import type { App } from '../route.ts';

const CALLBACK = '/sign-in/oidc/callback';
/** What the browser keeps until it comes back from the provider: none of it is worth anything elsewhere. */
const tripSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/**
 * An address that the provider has checked (OpenID Connect Core, 5.1): anybody can write anybody's into an account. Some issuers say
 * nothing, or say it as a text, of addresses that only their administrator sets.
 */
const vouched = {
  strict: z.looseObject({ email: z.string(), email_verified: z.literal(true) }),
  trusted: z.looseObject({ email: z.string(), email_verified: z.union([z.literal(true), z.literal('true')]).optional() }),
} as const;

/** Sign-in with an identity provider: code flow with PKCE. The verified mail address says who somebody is here. */
export function addOidcRoutes(app: App, deps: ServerDeps): void {
  const { oidc: settings } = deps;
  if (settings === undefined) return;
  const trip = roundTripCookie(deps);
  let found: Promise<oidc.Configuration> | undefined;
  const provider = () => {
    found ??= discover(settings).catch((error: unknown) => {
      found = undefined;
      deps.log.warn({ error }, 'the identity provider does not answer');
      return refuse('unavailable');
    });
    return found;
  };
  app.get('/sign-in/oidc', { schema: { hide: true } }, async (_request, reply) => {
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(await provider(), {
      redirect_uri: `${deps.origin}${CALLBACK}`,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const kept = Buffer.from(JSON.stringify({ state, nonce, verifier })).toString('base64url');
    reply.setCookie(trip.name, kept, { ...trip.options, maxAge: 600 });
    return reply.redirect(url.href, 303);
  });
  app.get(CALLBACK, { schema: { hide: true } }, async (request, reply) => {
    const mail = await mailFrom(deps, await provider(), request.url, request.cookies[trip.name]);
    reply.clearCookie(trip.name, trip.options);
    const em = work(deps.engine);
    const [who, other] = await whoHasMail(em, mail, deps.clock.now());
    // An address that several people share says nothing of who somebody is.
    if (who === undefined || other !== undefined)
      refuse('not-signed-in', { detail: 'The provider knows you, but nobody here has your address alone.' });
    setSessionCookie(deps, reply, await beginSession(em, who, 'oidc', deps.clock.now()));
    return reply.redirect('/', 303);
  });
}

async function discover({ issuer, clientId, clientSecret }: NonNullable<ServerDeps['oidc']>): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  // Without TLS on this machine only: a provider of a test or a trial.
  const isLocal = url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === 'localhost');
  return oidc.discovery(url, clientId, clientSecret, undefined, isLocal ? { execute: [oidc.allowInsecureRequests] } : {});
}

async function mailFrom(deps: ServerDeps, provider: oidc.Configuration, url: string, kept: string | undefined): Promise<string> {
  const trip = tripSchema.safeParse(jsonOf(kept));
  if (!trip.success) refuse('link-not-good');
  const { state, nonce, verifier } = trip.data;
  const verifiedSchema = vouched[deps.oidc?.emailVerified ?? 'strict'];
  try {
    const tokens = await oidc.authorizationCodeGrant(provider, new URL(url, deps.origin), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    const inToken = verifiedSchema.safeParse(claims);
    if (inToken.success) return inToken.data.email;
    // Some providers keep the address for those who ask with the token.
    const asked = verifiedSchema.safeParse(claims && (await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub)));
    if (asked.success) return asked.data.email;
  } catch (error) {
    deps.log.warn({ error }, 'a sign-in with the identity provider failed');
  }
  return refuse('link-not-good', { detail: 'The provider did not vouch for a verified mail address, or the answer was not meant for this browser.' });
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
