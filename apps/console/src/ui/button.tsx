import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './button.module.css';

/** How a button looks: one `primary` a screen, `danger` for what can't be undone. */
export type ButtonLook = 'primary' | 'plain' | 'danger' | 'quiet';

interface Look {
  look?: ButtonLook;
  isSmall?: boolean;
}

type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement> & { isBusy?: boolean };

/** A button. While it is busy or disabled it keeps the focus and does nothing, so that a keyboard does not lose its place. */
export function Button({ look, isSmall, isBusy, disabled, onClick, type = 'button', ...rest }: ButtonProps): ReactNode {
  const isOff = disabled === true || isBusy === true;
  return (
    <button
      {...rest}
      type={type}
      className={classOf({ look, isSmall })}
      aria-disabled={isOff}
      aria-busy={isBusy}
      onClick={(event) => {
        if (isOff) return event.preventDefault();
        onClick?.(event);
      }}
    />
  );
}

type LinkProps = Look & AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

function StyledLink({ look, isSmall, ...rest }: LinkProps): ReactNode {
  return <a {...rest} className={classOf({ look, isSmall })} />;
}

/** A link to somewhere else, such as to a program of the person, that looks like a button. */
export function AddressButton(props: Look & AnchorHTMLAttributes<HTMLAnchorElement>): ReactNode {
  return <StyledLink {...props} />;
}

/** A link to another screen that looks like a button. */
export const ButtonLink: LinkComponent<typeof StyledLink> = createLink(StyledLink);

function classOf({ look, isSmall }: Look): string {
  const parts = [styles['button'], look && look !== 'plain' ? styles[look] : '', isSmall ? styles['small'] : ''];
  return parts.filter(Boolean).join(' ');
}
