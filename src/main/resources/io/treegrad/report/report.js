'use strict';
// The page of one run: each section from its part of the data, or a sentence where there is none.
if (data.fit) {
  // its sections are about classes
  byId('mistakes').remove();
  byId('space').remove();
  byId('confusion').dataset.title = 'Fit';
  byId('confusion').querySelector('h2').textContent = 'Predicted beside true numbers';
}
startPage();
byId('byline').textContent = data.byline;
byId('figures').append(...data.figures.map(([name, value]) =>
  element('div', {}, element('dt', {}, name), element('dd', {}, value))));

if (data.epochs.epoch.length > 0) {
  for (const key of ownCharts) {
    if (metricOf(key)) {
      epochChart(byId(key), data.epochs, metricOf(key));
    } else {
      byId(key).remove();
    }
  }
  otherMetrics((figure, metric) => epochChart(figure, data.epochs, metric))(data.metrics);
} else {
  about(byId('curves'), 'The run ended before its first epoch did.');
}
if (data.steps) {
  stepChart(byId('steps'), data.steps, data.epochs, data.stepsPerEpoch);
}
if (data.chosenEpoch > 0 && data.chosenEpoch !== data.epochs.epoch.at(-1)) {
  about(byId('curves'), `The network that was kept is that of epoch ${format.count(data.chosenEpoch)}.`);
}

if (data.confusion) {
  confusion(byId('confusion'), data.confusion, data.gallery);
} else if (data.fit) {
  fit(byId('confusion'), data.fit);
} else {
  about(byId('confusion'), 'There were no rows to test the network on.');
}

const noPictures = 'The rows of this data are not pictures: there is nothing to show here.';
if (data.gallery) {
  mistakes(byId('mistakes'), data.gallery);
  digits(byId('digits'), data.gallery);
} else {
  byId('mistakes')?.remove();
  about(byId('digits'), noPictures);
}
if (data.fit) {
  // the components are drawn by class
} else if (data.projection) {
  space(byId('space'), data.projection);
} else {
  about(byId('space'), 'Principal components are drawn for rows of 3 to 8,192 features.');
}
if (data.firstLayer) {
  firstLayer(byId('weights'), data.firstLayer);
} else {
  about(byId('weights'), noPictures);
}

if (data.dataCheck) {
  about(byId('data-check'), ...data.dataCheck.findings.length ? data.dataCheck.findings : ['Nothing odd was found.']);
  byId('data-check').append(element('div', { class: 'scroll', tabindex: '0' },
    table(['Class', 'Rows', 'Share', 'Published before', 'Drift'], data.dataCheck.classes,
      { numbers: [1, 2, 3, 4], name: 'facts' })));
} else {
  about(byId('data-check'), 'Nobody looked at the data.');
}
byId('settings').append(element('div', { class: 'scroll', tabindex: '0' },
  table(['Setting', 'Value', 'From'], data.settings, { code: [1], name: 'facts' })));
byId('provenance').append(table(['What', 'Value'], data.provenance, { code: [1], name: 'facts' }));
byId('timings').append(table(['What', 'Time'], data.timings, { numbers: [1], name: 'facts' }));
