'use strict';
// Line charts by ECharts. Lines differ in dashes and marks as well as in colour, so that grey paper can tell them apart.
const strokes = {
  train: { name: 'Training', colour: 'train', dash: 'solid', symbol: 'circle' },
  validation: { name: 'Validation', colour: 'validation', dash: [7, 4], symbol: 'rect' },
};

/** A line of a chart: points [x, y], and how it looks. */
function line(name, points, { colour, dash = 'solid', symbol = 'circle', width = 2, marks = points.length <= 30 }) {
  const ink = colour.startsWith('#') ? colour : theme.colour(colour);
  return {
    name, type: 'line', data: points, symbol, symbolSize: 7, showSymbol: marks, color: ink, connectNulls: true,
    lineStyle: { color: ink, width, type: dash }, itemStyle: { color: ink }, emphasis: { disabled: true },
    animation: false,
  };
}

/** The tooltip as elements, so that names are text. */
function tip(title, lines) {
  return element('div', { class: 'tip' }, element('b', {}, title),
    ...lines.map(([name, value]) => element('div', {}, element('span', {}, name), element('b', {}, value))));
}

/**
 * Draws a chart into a figure, in place of one that is there, and draws it again in other inks when the theme changes.
 *
 * series() gives the lines in the colours of the moment; value formats a number of the y axis; rows and head are the
 * numbers as a table; logarithmic offers that axis, log begins with it.
 */
function chart(figure, { title, caption, xName, series, value, tick = value, head, rows, zoom = false, whole = true, logarithmic = false, log = false, hidden = [] }) {
  if (figure.takeDown) {
    figure.takeDown();
  }
  const host = element('div', { class: 'chart', role: 'img', tabindex: '0', 'aria-label': title + '. ' + caption });
  const captionLine = element('figcaption', {}, element('b', {}, title), caption);
  figure.replaceChildren(captionLine, host, numbersBehind(head, rows));
  if (logarithmic) {
    const button = element('button', { type: 'button', class: 'quiet axis' });
    const name = () => {
      button.textContent = log ? 'Linear axis' : 'Logarithmic axis';
    };
    name();
    button.addEventListener('click', () => {
      log = !log;
      name();
      draw();
    });
    host.after(button);
  }
  const place = whole ? format.count : format.number;
  const drawn = echarts.init(host);
  const fullHeight = host.clientHeight;

  /** Lines of legend beyond the first, as wide as the names are likely to be. */
  function moreLegend(names) {
    let lines = 0;
    let left = host.clientWidth;
    for (const name of names) {
      const width = 44 + 7 * name.length;
      if (width > left && left < host.clientWidth) {
        lines++;
        left = host.clientWidth;
      }
      left -= width;
    }
    return lines;
  }

  function option() {
    const soft = theme.colour('soft');
    const rule = theme.colour('line');
    const names = series(log).map(one => one.name).filter(name => !hidden.includes(name));
    const legendHeight = 22 * moreLegend(names);
    host.style.height = fullHeight + legendHeight + 'px';
    if (drawn.getHeight() !== host.clientHeight || drawn.getWidth() !== host.clientWidth) {
      drawn.resize();
    }
    const axis = { axisLabel: { color: soft, fontSize: 12 }, axisLine: { lineStyle: { color: rule } },
      splitLine: { lineStyle: { color: rule } }, nameTextStyle: { color: soft } };
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 26, top: 42 + legendHeight, bottom: zoom ? 62 : 30, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 34, textStyle: { color: theme.colour('ink'), fontSize: 13 },
        inactiveColor: rule, data: names },
      tooltip: {
        trigger: 'axis', confine: true, backgroundColor: theme.colour('panel'), borderColor: rule,
        textStyle: { color: theme.colour('ink') }, axisPointer: { lineStyle: { color: soft } },
        formatter: hits => tip(xName + ' ' + place(hits[0].value[0]), hits
          .filter(hit => !hidden.includes(hit.seriesName) && hit.value[1] !== null)
          .map(hit => [hit.seriesName, value(hit.value[1])])),
      },
      xAxis: { type: 'value', name: xName, nameLocation: 'middle', nameGap: 26, min: 'dataMin', max: 'dataMax',
        ...(whole ? { minInterval: 1 } : {}), ...axis, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, hideOverlap: true,
          formatter: at => place(at) } },
      yAxis: { type: log ? 'log' : 'value', scale: true, ...axis,
        axisLabel: { ...axis.axisLabel, formatter: at => tick(at) } },
      dataZoom: zoom ? [{ type: 'slider', bottom: 4, height: 20, borderColor: rule, brushSelect: false,
        textStyle: { color: soft }, handleLabel: { show: false }, labelFormatter: at => format.count(Math.round(at)), fillerColor: theme.colour('zoom'),
        moveHandleSize: 0, handleStyle: { color: theme.colour('panel'), borderColor: soft },
        dataBackground: { lineStyle: { color: rule }, areaStyle: { color: rule } },
        selectedDataBackground: { lineStyle: { color: soft }, areaStyle: { color: rule } } }] : [],
      series: series(log),
    };
  }

  function draw() {
    drawn.dispatchAction({ type: 'hideTip' }); // a tip that is open would be placed before it is filled anew
    drawn.setOption(option(), { notMerge: true });
  }

  let at = -1;
  host.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const last = option().series.find(one => !hidden.includes(one.name)).data.length - 1;
      at = Math.max(0, Math.min(last, at + step));
      drawn.dispatchAction({ type: 'showTip', seriesIndex: hidden.length, dataIndex: at });
      event.preventDefault();
    } else if (event.key === 'Escape') {
      drawn.dispatchAction({ type: 'hideTip' });
    }
  });
  let width = host.clientWidth;
  const resizing = new ResizeObserver(() => {
    if (host.clientWidth !== width) { // its height is set by draw itself
      width = host.clientWidth;
      draw();
    }
  });
  resizing.observe(host);
  theme.listeners.add(draw);
  figure.takeDown = () => {
    resizing.disconnect();
    theme.listeners.delete(draw);
    drawn.dispose();
  };
  draw();
}

const range = values => [Math.min(...values), Math.max(...values)];
const known = values => values.filter(value => value !== null);

/** How values of a metric are written and compared. */
const metricValue = metric => metric.percentage ? share => format.percent(share) : format.number;
const metricTick = metric => metric.percentage
  ? share => Number((100 * share).toFixed(2)) + '\u00a0%' : format.number;
const best = (metric, values) => metric.lowerIsBetter ? Math.min(...values) : Math.max(...values);
const ownCharts = ['loss', 'accuracy'];
const metricOf = key => data.metrics.find(metric => metric.key === key);

/** One chart for the metrics without one of their own, and buttons to choose which; gives a function that draws it. */
function otherMetrics(draw) {
  let chosen = null;
  return function show(metrics) {
    const others = metrics.filter(metric => !ownCharts.includes(metric.key));
    chosen = others.includes(chosen) ? chosen : others[0];
    const figure = byId('other');
    byId('metric').hidden = figure.hidden = others.length === 0;
    choice(byId('metric'), others, chosen, metric => metric.label, one => {
      chosen = one;
      show(metrics);
    });
    if (chosen) {
      draw(figure, chosen);
    } else if (figure.takeDown) {
      figure.takeDown();
      figure.takeDown = null;
    }
  };
}

/** A metric of every part over the epochs. */
function epochChart(figure, epochs, metric) {
  const measure = metric.key;
  const value = metricValue(metric);
  const parts = Object.keys(strokes).filter(part => known(epochs[part][measure]).length > 0);
  const sentences = parts.map(part => {
    const values = epochs[part][measure];
    const good = best(metric, known(values));
    const first = known(values)[0];
    const last = known(values).at(-1);
    return `${strokes[part].name}: from ${value(first)} to ${value(last)}, at best ${value(good)} in epoch `
      + `${format.count(epochs.epoch[values.indexOf(good)])}.`;
  });
  chart(figure, {
    title: metric.label[0].toUpperCase() + metric.label.slice(1) + ' per epoch',
    caption: sentences.join(' '),
    xName: 'epoch',
    value,
    tick: metricTick(metric),
    logarithmic: metric.lowerIsBetter && parts.every(part => known(epochs[part][measure]).every(one => one > 0)),
    zoom: epochs.epoch.length > 30,
    series: () => parts.map(part => line(strokes[part].name,
      epochs.epoch.map((epoch, i) => [epoch, epochs[part][measure][i]]), strokes[part])),
    head: ['Epoch', ...parts.map(part => strokes[part].name)],
    rows: () => epochs.epoch.map((epoch, i) => [format.count(epoch), ...parts.map(part => {
      const one = epochs[part][measure][i];
      return one === null ? '' : value(one);
    })]),
  });
}

/** The loss of the steps: how far those of a point on the chart scatter, their mean, and the mean of each epoch. */
function stepChart(figure, steps, epochs, stepsPerEpoch) {
  const [low, high] = [Math.min(...steps.lowest), Math.max(...steps.highest)];
  const points = values => steps.step.map((step, i) => [step, values[i]]);
  const band = steps.width > 1;
  const validated = known(epochs.validation.loss).length > 0;

  /** The band between the lowest and the highest: one area upon another, or two lines where heights do not add up. */
  function edges(log) {
    const ink = theme.colour('train');
    const edge = { type: 'line', showSymbol: false, symbol: 'none', emphasis: { disabled: true }, animation: false,
      color: ink, lineStyle: { color: ink, width: 1, opacity: log ? 0.3 : 0 } };
    const stacked = log ? {} : { stack: 'band', areaStyle: { color: ink, opacity: 0.2 } };
    return [
      { ...edge, ...(log ? {} : { stack: 'band' }), name: 'lowest', data: points(steps.lowest) },
      { ...edge, ...stacked, name: 'spread',
        data: points(log ? steps.highest : steps.highest.map((value, i) => value - steps.lowest[i])) },
    ];
  }
  chart(figure, {
    title: 'Loss per step: the stochastic wiggle',
    caption: `Every step sees other rows, so its loss scatters between ${format.number(low)} and ${format.number(high)} `
      + 'about the mean that an epoch comes to, drawn at its middle.'
      + (band ? ` A point stands for ${steps.width} steps: their mean, in a band from their lowest to their highest.` : ''),
    xName: 'step',
    value: format.number,
    zoom: true,
    logarithmic: low > 0,
    log: low > 0 && high / low > 30,
    hidden: band ? ['lowest', 'spread'] : [],
    series: log => {
      const marks = epochs.epoch.length <= 60;
      return [
        ...(band ? edges(log) : []),
        line(band ? 'Mean of steps' : 'Step', points(steps.mean), { colour: 'train', width: 1, marks: false }),
        line('Mean of the epoch', epochs.epoch.map((epoch, i) => [(epoch - 0.5) * stepsPerEpoch, epochs.train.loss[i]]),
          { colour: 'ink', symbol: 'diamond', width: 2.5, marks }),
        ...(validated ? [line('Validation', epochs.epoch.map((epoch, i) => [epoch * stepsPerEpoch,
          epochs.validation.loss[i]]), { ...strokes.validation, marks })] : []),
      ];
    },
    head: ['From step', 'Lowest', 'Mean', 'Highest'],
    rows: () => steps.step.map((step, i) =>
      [format.count(step), ...[steps.lowest, steps.mean, steps.highest].map(values => format.number(values[i]))]),
  });
}

/** Predicted numbers over the true ones; on the diagonal both are the same. */
function fit(section, { actual, predicted }) {
  const figure = section.appendChild(element('figure', {}));
  const [low, high] = range(actual);
  chart(figure, {
    title: 'Predicted over true numbers',
    caption: `${format.count(actual.length)} rows. A row on the line is predicted exactly.`,
    xName: 'true',
    value: format.number,
    whole: false,
    series: () => [
      { name: 'Row', type: 'scatter', data: actual.map((one, i) => [one, predicted[i]]), symbolSize: 5,
        color: theme.colour('train'), itemStyle: { opacity: 0.6 }, animation: false },
      line('As predicted exactly', [[low, low], [high, high]], { colour: 'ink', dash: [7, 4], marks: false }),
    ],
    head: ['Row', 'True', 'Predicted'],
    rows: () => actual.map((one, i) => [format.count(i + 1), format.number(one), format.number(predicted[i])]),
  });
}
