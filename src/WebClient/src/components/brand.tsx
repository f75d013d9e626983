import classes from './brand.module.css';

export function BrandMark() {
  return (
    <svg className={classes.mark} viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="8" fill="var(--ink)" />
      <path
        d="M7 10h8.500M11.250 10v8.500M18.500 9.500c3 2.500 3 6.500 0 9"
        fill="none"
        stroke="var(--on-ink)"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
