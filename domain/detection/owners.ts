/**
 * Which organisation a name on a register or in a feed means. Exact after folding, never fuzzy: merging two owners by
 * mistake shows one the other's cases, while a missed merge costs one queue more.
 */
const LEGAL_FORMS: readonly string[] = [
  'COMPANY LIMITED',
  'CO LTD',
  'COLTD',
  'PTY LTD',
  'PVT LTD',
  'PTE LTD',
  'GMBH CO KG',
  'INCORPORATED',
  'CORPORATION',
  'COMPANY',
  'LIMITED',
  'LTDA',
  'SARL',
  'GMBH',
  'CORP',
  'INC',
  'LLC',
  'LTD',
  'PLC',
  'LLP',
  'SPA',
  'SAS',
  'SRL',
  'BV',
  'NV',
  'AG',
  'SA',
  'SE',
  'KG',
  'OY',
  'AB',
  'AS',
  'CO',
  'KK',
];

/** `full`: upper case without punctuation. `bare`: the same without one final legal form. */
export interface OwnerKeys {
  readonly full: string;
  readonly bare: string;
}

/** The comparable forms of a name; both empty for a name without letters or digits. */
export function ownerKeys(name: string): OwnerKeys {
  const full = name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[.'’]/g, '')
    .replace(/[^\p{L}\p{N}\s]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const form = LEGAL_FORMS.find((ending) => full.endsWith(` ${ending}`));
  return { full, bare: form === undefined ? full : full.slice(0, -form.length - 1) };
}

/** Organisations by the forms of their names and aliases. Build with `ownerIndex`. */
export interface OwnerIndex {
  readonly full: ReadonlyMap<string, ReadonlySet<string>>;
  readonly bare: ReadonlyMap<string, ReadonlySet<string>>;
}

/** An organisation, or none; `candidates` are those between which the name leaves the choice open. */
export type Owner = { readonly organisation: string } | { readonly unknown: OwnerKeys; readonly candidates: readonly string[] };

/** Indexes organisations for `resolveOwner`. */
export function ownerIndex(
  organisations: Iterable<{ readonly organisation: string; readonly name: string; readonly aliases: readonly string[] }>,
): OwnerIndex {
  const full = new Map<string, Set<string>>();
  const bare = new Map<string, Set<string>>();
  for (const { organisation, name, aliases } of organisations) {
    for (const alias of [name, ...aliases]) {
      const keys = ownerKeys(alias);
      add(full, keys.full, organisation);
      add(bare, keys.bare, organisation);
    }
  }
  return { full, bare };
}

/**
 * The organisation that a name means, or `unknown` (a new organisation has to be made). A name that equals an alias
 * with its legal form wins over one that equals it without; a name that would mean two organisations means none.
 */
export function resolveOwner(name: string, index: OwnerIndex): Owner {
  const keys = ownerKeys(name);
  const organisation = only(index.full.get(keys.full)) ?? only(index.bare.get(keys.bare));
  if (organisation !== undefined) return { organisation };
  const candidates = new Set([...(index.full.get(keys.full) ?? []), ...(index.bare.get(keys.bare) ?? [])]);
  return { unknown: keys, candidates: [...candidates].sort() };
}

function add(map: Map<string, Set<string>>, key: string, organisation: string): void {
  if (key === '') return;
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([organisation]));
  else known.add(organisation);
}

function only(found: ReadonlySet<string> | undefined): string | undefined {
  return found?.size === 1 ? [...found][0] : undefined;
}
