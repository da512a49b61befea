import { ownRules } from '../verifier/audit.ts';
import { sandboxedRules } from '../verifier/entry/sandbox.ts';
import type { RulesLoader } from '../verifier/replay.ts';

/** Decisions of this checkout's own rules are decided by this process; any other recorded rules run in the sandbox. */
export async function rulesLoader(): Promise<RulesLoader> {
  const own = await ownDigest();
  return (digest, text) => (digest === own ? ownRules : sandboxedRules(text));
}

async function ownDigest(): Promise<string | undefined> {
  try {
    const { rulesBundle } = await import('../worker/rules-bundle.ts');
    return (await rulesBundle()).digest;
  } catch {
    // Without the bundler nothing can be compared: the recorded text decides, which is as good.
    return undefined;
  }
}
