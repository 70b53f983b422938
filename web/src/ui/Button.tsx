import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./Icon";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: "plain" | "primary" | "quiet";
  small?: boolean;
  icon?: IconName;
  label?: string;
};

/** A button; without children it shows its icon alone and `label` is its name. */
export function Button({ kind = "plain", small, icon, label, children, className, ...rest }: Props) {
  const bare = icon !== undefined && (children === undefined || children === null);
  const classes = ["button", kind, small && "small", bare && "icon", className].filter(Boolean).join(" ");
  return (
    <button type="button" className={classes} aria-label={label} title={bare ? label : undefined} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
