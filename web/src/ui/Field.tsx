import { useId, type ReactNode } from "react";

type Wiring = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

/** A labelled control with its help and its problem; `children` gets what ties them together. */
export function Field({
  label,
  help,
  problem,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  problem?: string;
  children: (wiring: Wiring) => ReactNode;
}) {
  const id = useId();
  const described = [help ? `${id}-help` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": problem ? true : undefined })}
      {help && (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {problem && (
        <span className="problem" id={`${id}-problem`}>
          {problem}
        </span>
      )}
    </div>
  );
}
