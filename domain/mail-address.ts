/** Characters that end a host name in an address of the web: such a domain is left as it is. */
const NO_HOST = /[\s/\\?#:@[\]%<>]/;

/**
 * A mail address in the one form in which it is compared: without space around it, NFC, in lower case, the domain in the form that mail
 * hosts speak (RFC 5891): `Ip@Bücher.example` and `ip@xn--bcher-kva.example` are one address.
 */
export function normalAddress(text: string): string {
  const address = text.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  return at < 0 ? address : `${address.slice(0, at)}@${hostForm(address.slice(at + 1))}`;
}

function hostForm(domain: string): string {
  const url = `http://${domain}`;
  return NO_HOST.test(domain) || !URL.canParse(url) ? domain : new URL(url).hostname;
}
