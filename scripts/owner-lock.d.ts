/** The process that holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly mark?: string;
  readonly host?: string;
  readonly token: string;
}
/** What tells this process from a later one with the same number; undefined when no such process lives. */
export declare function processMark(pid: number): string | undefined;
/** Takes the lock at `path` (a directory), taking over a dead owner's. */
export declare function tryLock(path: string): { release(): void; heldBy?: never } | { heldBy: LockOwner; release?: never };
