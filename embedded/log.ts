/** Where the parts of the embedded stack write what they do, one line each, without a line end. */
export type Log = (line: string) => void;

/** A running part. Stopping twice is stopping once. */
export interface RunningPart {
  stop(): Promise<void>;
}
