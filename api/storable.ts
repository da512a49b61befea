/** Places that one answer names. */
const MOST_PLACES = 50;

/**
 * Where a body that was read holds a text that cannot be stored or hashed: half a character (a surrogate without its other half) or NUL, in a
 * value or a name. RFC 8785 knows no such text, and neither does the database. Gives places as `body/lines/3/note`.
 */
export function unstorablePlaces(body: unknown): readonly string[] {
  const places: string[] = [];
  // A stack of its own: how deep a document is, its sender chooses.
  const left: { readonly value: unknown; readonly place: string }[] = [{ value: body, place: 'body' }];
  for (let next = left.pop(); next !== undefined && places.length < MOST_PLACES; next = left.pop()) {
    const { value, place } = next;
    if (typeof value === 'string') {
      if (!isStorable(value)) places.push(place);
    } else if (Array.isArray(value) || isPlain(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (isStorable(key)) left.push({ value: inner, place: `${place}/${key}` });
        else places.push(place);
      }
    }
  }
  return places;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** What a parser made, not a stream that is handed on. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
