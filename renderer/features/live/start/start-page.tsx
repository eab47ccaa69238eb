import { useCatalog } from '../../../model/definitions/catalog.ts';
import { AppPage, PageScroll } from '../../../ui/layout/app-page.tsx';
import { FirstSteps } from './first-steps.tsx';

export function StartPage() {
  const phase = useCatalog((state) => state.phase);
  return (
    <AppPage title="First event">
      <PageScroll>{phase === 'ready' && <FirstSteps />}</PageScroll>
    </AppPage>
  );
}
