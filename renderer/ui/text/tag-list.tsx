import classes from './text.module.css';

export function TagList({ items }: { items: readonly string[] }) {
  return (
    <span className={classes.tags}>
      {[...new Set(items)].map((item) => (
        <span key={item} className={classes.tag}>
          {item}
        </span>
      ))}
    </span>
  );
}
