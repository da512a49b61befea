/** The same row without the keys whose value is undefined, so that absent means absent everywhere after the border. */
export type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops the keys whose value is undefined. */
export function present<T extends object>(row: T): Present<T> {
  // Object.fromEntries forgets the keys; they are the row's own, less the absent ones.
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Present<T>;
}
