/** The page behind a link in a mail: a button, no script. The token is one of ours and has no character that HTML reads. */
export function confirmPage(token: string | undefined): string {
  const body =
    token === undefined
      ? '<p>This link was used before, has run out, or is none of ours. Ask for a new one.</p>'
      : `<form method="post" action="/sign-in"><input type="hidden" name="token" value="${token}"><button type="submit">Sign in</button></form>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title><main><h1>Sign in to interdict</h1>${body}</main></html>`;
}
