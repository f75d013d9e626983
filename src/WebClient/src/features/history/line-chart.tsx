import { useComputedColorScheme } from '@mantine/core';
import { LineChart as EChartsLine } from 'echarts/charts';
import { GridComponent, MarkAreaComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { timeOfDay } from '@/lib/format';

echarts.use([EChartsLine, GridComponent, MarkAreaComponent, CanvasRenderer]);

export interface Line {
  points: [at: number, value: number | null][];
}

export interface Band {
  label: string;
  tone: 'available' | 'held' | 'busy';
  from: number;
  to: number;
}

/** Bands are drawn equally high, whatever they span: the first is on top. */
function heightOf(value: number, bands: Band[]): number {
  const i = bands.findIndex(({ from }) => value >= from);
  const band = bands[i];
  return band ? bands.length - i - 1 + Math.min(1, (value - band.from) / (band.to - band.from)) : 0;
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Lines over time: the first in ink, the second blue and dashed. With bands it has axes; without, it is a small one of many. */
export function LineChart({ label, lines, bands = [], height }: { label: string; lines: Line[]; bands?: Band[]; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  useEffect(() => {
    if (!place.current) return;
    const chart = echarts.init(place.current, null, { renderer: 'canvas', height });
    chart.setOption(optionOf(lines, bands));
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [lines, bands, height, scheme]); // the tokens' colours follow the scheme
  return <div ref={place} role="img" aria-label={label} data-height={height} />;
}

function optionOf(lines: Line[], bands: Band[]): echarts.EChartsCoreOption {
  const isLarge = bands.length > 0;
  const text = { color: token('ink-3'), fontSize: 11, fontFamily: getComputedStyle(document.body).fontFamily };
  const bandAt = (middle: number) => bands[bands.length - 1 - Math.floor(middle)];
  const colours = [token('ink'), token('incoming')];
  const times = lines.flatMap(({ points }) => points.map(([at]) => at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return {
    animation: false,
    grid: isLarge ? { left: 60, right: 1, top: 1, bottom: 20 } : { left: 0, right: 0, top: 2, bottom: 1 },
    xAxis: {
      type: 'time',
      min: first,
      max: Math.max(last, first + 1000),
      show: true,
      axisLine: { show: !isLarge, lineStyle: { color: token('line') } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: isLarge
        ? {
            ...text,
            formatter: (at: number) => timeOfDay(new Date(at)),
            hideOverlap: true,
            showMinLabel: true,
            alignMinLabel: 'left',
            alignMaxLabel: 'right',
          }
        : { show: false },
      splitNumber: 3,
      minInterval: 60_000,
    },
    yAxis: isLarge
      ? {
          type: 'value',
          min: 0,
          max: bands.length,
          axisTick: { show: false },
          splitLine: { show: false },
          axisLabel: {
            ...text,
            align: 'left',
            margin: 60,
            customValues: bands.map((_, i) => i + 0.5),
            formatter: (value: number) => bandAt(value)?.label ?? '',
            color: (value?: string | number) => token(`${bandAt(Number(value))?.tone ?? 'offline'}-text`),
            fontWeight: 600,
          },
        }
      : { type: 'value', min: 0, show: false },
    series: lines.map(({ points }, i) => ({
      type: 'line',
      data: isLarge ? points.map(([at, value]) => [at, value === null ? null : heightOf(value, bands)]) : points,
      symbol: 'none',
      silent: true,
      lineStyle: { color: colours[i], width: isLarge ? 1.8 : 1.6, type: i === 0 ? 'solid' : [4, 3] },
      markArea:
        isLarge && i === 0
          ? {
              silent: true,
              data: bands.map(({ tone }, i) => [
                { yAxis: bands.length - i - 1, itemStyle: { color: token(`${tone}-tint`) } },
                { yAxis: bands.length - i },
              ]),
            }
          : undefined,
    })),
  };
}
