import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './parts.module.css';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly close: string;
  readonly children: ReactNode;
}

/** A dialog over the page. Its head is no `header` element: a page has one banner. */
export function Dialog({ isOpen, onClose, title, close, children }: DialogProps): ReactNode {
  return (
    // The lock on scrolling writes a style element, which the page's policy refuses.
    // It is gone at once: while it faded, the next key would find a dialog that is open no more and be lost.
    <Modal.Root opened={isOpen} onClose={onClose} centered size="lg" lockScroll={false} transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <div className={css['dialogHead']}>
            <Modal.Title>{title}</Modal.Title>
            <Modal.CloseButton aria-label={close} />
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
