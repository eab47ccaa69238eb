import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface ChartDeps {
  heightPx: number;
  data: uPlot.AlignedData;
  /** Colors of the series: the chart is created again when they change, or the theme does. */
  tones: string;
  options: (element: HTMLElement) => uPlot.Options;
  /** Drawn with the data: a change draws the chart again. */
  alsoDrawn?: unknown;
}

/** A uPlot chart in the element of `host`, as wide as the element. */
export function useChart({ heightPx, data, tones, options, alsoDrawn }: ChartDeps): {
  host: RefObject<HTMLDivElement | null>;
  plot: RefObject<uPlot | null>;
} {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: recreated only for other series and colors; the next effect sets the data
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const chart = new uPlot(options(element), data, element);
    plot.current = chart;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) chart.setSize({ width: entry.contentRect.width, height: heightPx });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [`${scheme} ${tones}`]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `alsoDrawn` is drawn with the data
  useEffect(() => plot.current?.setData(data), [data, alsoDrawn]);

  return { host, plot };
}
