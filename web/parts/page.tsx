import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { type ReactNode, useEffect, useId } from 'react';
import css from './parts.module.css';

/** The answer to the page's one question, in words; the page's title says the same. */
export function Lead({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · interdict`;
  }, [title]);
  return (
    <div className={css['lead']}>
      <h1>{title}</h1>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

/** One subject of a page. */
export function Section({ title, children, id }: { readonly title: string; readonly children: ReactNode; readonly id?: string }): ReactNode {
  const heading = useId();
  return (
    <section className={css['section']} aria-labelledby={heading} id={id}>
      <h2 id={heading}>{title}</h2>
      {children}
    </section>
  );
}

export interface ActProps extends Pick<ButtonProps, 'variant' | 'color' | 'loading'> {
  readonly onClick: () => void;
  /** Why it cannot be done now; the button stays reachable and says it. */
  readonly why?: string | undefined;
  readonly keys?: string;
  readonly children: ReactNode;
}

/** A button that says why when it cannot be pressed. */
export function Act({ onClick, why, keys, children, ...look }: ActProps): ReactNode {
  const reason = useId();
  const isOff = why !== undefined;
  const button = (
    <Button
      {...look}
      {...(isOff && { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': reason })}
      {...(keys !== undefined && { 'aria-keyshortcuts': keys })}
      onClick={isOff ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </Button>
  );
  if (!isOff) return button;
  return (
    <span>
      <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
        {button}
      </Tooltip>
      <span id={reason} hidden>
        {why}
      </span>
    </span>
  );
}

/** Nothing here: what would be, and how it comes. */
export function Empty({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className={css['dim']}>{children}</p>;
}

/** Names and values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }): ReactNode {
  return <dl className={css['facts']}>{facts.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}</dl>;
}
