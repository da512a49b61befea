import { useEffect, useRef, useState } from 'react';

const KEPT_AS = 'interdict.keys';

/** Whether single keys act; whoever works by voice or with a screen reader can turn them off. */
export function useKeysOn(): readonly [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(() => localStorage.getItem(KEPT_AS) !== 'off');
  return [
    isOn,
    (on) => {
      localStorage.setItem(KEPT_AS, on ? 'on' : 'off');
      setOn(on);
    },
  ];
}

/** Calls back for single keys; never while somebody types, a dialog is open, or with Ctrl, Alt or Meta. True: the key was ours. */
export function useKeys(onKey: (key: string) => boolean, isOn: boolean): void {
  const latest = useRef(onKey);
  useEffect(() => {
    latest.current = onKey;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat === undefined || isTyping(event.target) || isDialogOpen()) return;
      if (event.key === 'Enter' && isOwnEnter(event.target)) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [isOn]);
}

/** A focused button is pressed by Enter: that is not the reviewer's Enter, but on the list, which yields it to a reason being chosen. */
function isOwnEnter(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary') !== null && target.closest('[data-yields-enter]') === null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type=checkbox]), textarea, select') !== null);
}

function isDialogOpen(): boolean {
  return document.querySelector('[role=dialog]') !== null;
}
