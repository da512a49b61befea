import type { Page } from 'playwright-core';
import type { EventType } from '../../texts/events.ts';
import enTexts from '../../texts/en.json' with { type: 'json' };
import zhTexts from '../../texts/zh.json' with { type: 'json' };
import en from '../../web/words/en.json' with { type: 'json' };
import zh from '../../web/words/zh.json' with { type: 'json' };

/** The texts of the pages, by language: a journey is written once and walked in both. */
export const WORDS = { en, zh } as const;
export type Tongue = keyof typeof WORDS;

const TEXTS = { en: enTexts, zh: zhTexts } as const;

/** How the sentence of an event begins in a language, up to the first value in it. */
export function beginningOf(event: EventType, language: Tongue): string {
  return TEXTS[language][`event.${event}`].split('{')[0] ?? '';
}

const MOST_STEPS = 120;

/** Presses Tab until the focus is on something with this name; a journey has no other way to get there. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const focused = document.activeElement;
      const labels =
        focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement || focused instanceof HTMLSelectElement ? focused.labels : null;
      const label = [...(labels ?? [])].map((each) => each.textContent ?? '').join(' ');
      return (focused?.getAttribute('aria-label') ?? (label === '' ? (focused?.textContent ?? '') : label)).trim();
    });
    if (typeof name === 'string' ? here.startsWith(name) : name.test(here)) return;
    seen.push(here);
  }
  throw new Error(`no Tab leads to ${String(name)}; it led to: ${[...new Set(seen)].join(' | ').slice(0, 2_000)}`);
}

/** Goes to something by Tab and presses Enter on it. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** Goes to a field by Tab and types into it. */
export async function fill(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}
