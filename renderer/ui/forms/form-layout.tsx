import type { ReactNode } from 'react';
import { InlineError } from '../feedback/inline-error.tsx';
import classes from './form-layout.module.css';

interface FormSectionProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

export function FormSection({ title, description, children }: FormSectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      {description !== undefined && <p className={classes.description}>{description}</p>}
      <div>{children}</div>
    </section>
  );
}

interface FormRowProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  htmlFor?: string;
  required?: boolean;
  children: ReactNode;
}

/** Label left, control right, its hint and error below it. */
export function FormRow({ label, hint, error, htmlFor, required = false, children }: FormRowProps) {
  return (
    <div className={classes.row}>
      <label className={classes.label} htmlFor={htmlFor}>
        {label}
        {required && (
          <span className={classes.required} aria-hidden>
            {' '}
            *
          </span>
        )}
      </label>
      <div className={classes.control}>
        {children}
        {hint !== undefined && <div className={classes.hint}>{hint}</div>}
        <InlineError message={error ?? null} />
      </div>
    </div>
  );
}
