import type { ReactNode } from 'react';
import css from './parts.module.css';

/** A column's head; numbers stand to the right. */
type Head = string | { readonly text: string; readonly isNumber: true };

interface TableProps {
  readonly heads: readonly Head[];
  /** On a phone its rows are stacked; without it the table scrolls. */
  readonly isStackable?: boolean;
  readonly className?: string | undefined;
  /** The language of the rows, where it is not the reader's. */
  readonly lang?: string;
  readonly children: ReactNode;
}

/** A table that never makes the page wider than the window. */
export function Table({ heads, isStackable = false, className, lang, children }: TableProps): ReactNode {
  const looks = [css['table'], isStackable ? css['stackable'] : undefined, className];
  return (
    <div className={css['tableWrap']}>
      <table className={looks.filter((look) => look !== undefined).join(' ')}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={textOf(head)} scope="col" className={typeof head === 'string' ? undefined : css['number']}>
                {textOf(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody lang={lang}>{children}</tbody>
      </table>
    </div>
  );
}

function textOf(head: Head): string {
  return typeof head === 'string' ? head : head.text;
}
