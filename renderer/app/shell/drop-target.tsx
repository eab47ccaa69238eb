import { useEffect, useState } from 'react';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { maxDroppedBytes, readDroppedFile, useDroppedEvent } from '../../model/events/dropped-file.ts';
import { showProblem } from '../../ui/feedback/toasts.tsx';
import classes from './drop-target.module.css';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

async function open(file: File): Promise<void> {
  if (file.size > maxDroppedBytes) return showProblem(`${file.name} is larger than 1 MB.`);
  const event = readDroppedFile(file.name, await file.text());
  if (event === null) return showProblem(`${file.name} is not JSON.`);
  useDroppedEvent.setState({ event });
  navigate(paths.raise());
}

/** A JSON file that is dropped anywhere fills in the form that raises an event. Nothing is sent by dropping. */
export function DropTarget() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Without it the browser would open the file in place of the page.
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) {
        open(file).catch(() => showProblem(`${file.name} could not be read.`));
      }
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return isOver ? (
    <div className={classes.over} role="status">
      Drop a JSON file to create a test event
    </div>
  ) : null;
}
