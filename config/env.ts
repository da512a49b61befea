/** The only file that reads the environment of the process: everything else is handed a checked configuration. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of the environment as it is now. A variable that is set to nothing counts as absent. */
export function environment(): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}
