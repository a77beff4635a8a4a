import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([
  AriaComponent,
  BarChart,
  GridComponent,
  LegendComponent,
  SVGRenderer,
  TooltipComponent,
]);

const COLOURS = ['#d9962b', '#c05621', '#7f1d1d'];
const [BAR, AROUND, NARROW] = [36, 76, 560];

/**
 * Draws stacked bars, one a line of the table beside it: `{series: [names], bars: [{label, values,
 * url}]}`. The table says the same, so nothing here is read aloud nor reached by the keyboard.
 */
export function mountBars(element, { series, bars }) {
  const canvas = document.createElement('div');
  canvas.setAttribute('aria-hidden', 'true');
  canvas.style.height = `${bars.length * BAR + AROUND}px`;
  element.append(canvas);
  const chart = echarts.init(canvas, null, { renderer: 'svg' });
  // Texts are measured before they are in the page, where nothing can be inherited.
  const { fontFamily } = getComputedStyle(element);
  const draw = () => {
    chart.resize();
    chart.setOption(option(series, bars, canvas.clientWidth < NARROW, fontFamily));
  };
  draw();
  new ResizeObserver(draw).observe(element);
  chart.on('click', ({ dataIndex }) => location.assign(bars[dataIndex].url));
  element.dataset.ready = '';
}

function option(series, bars, narrow, fontFamily) {
  return {
    animation: false,
    // Patterns besides colours tell the parts apart.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    color: COLOURS,
    textStyle: { fontFamily, fontSize: 14, color: '#182433' },
    legend: { bottom: 0, itemGap: narrow ? 8 : 20, textStyle: { fontSize: narrow ? 12 : 14 } },
    grid: { left: 8, right: 24, top: 8, bottom: narrow ? 64 : 44, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true },
    xAxis: { type: 'value', minInterval: 1 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => bar.label),
      axisLabel: { width: narrow ? 96 : 220, overflow: 'truncate', fontSize: 14 },
    },
    series: series.map((name, place) => ({
      name,
      type: 'bar',
      stack: 'all',
      barMaxWidth: 24,
      data: bars.map((bar) => bar.values[place]),
    })),
  };
}
