/**
 * The page of a finished run, and the page that compares several runs. Each is a single HTML file that holds everything
 * it shows and loads nothing from a network.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>{@link io.treegrad.report.Report} is everything that a page shows, as plain values. Its larger parts are made
 *       here from the results of a run: {@link io.treegrad.report.StepLosses} from the trace of its losses,
 *       {@link io.treegrad.report.ConfusionMatrix} and {@link io.treegrad.report.Gallery} from the trained network and
 *       its test rows, {@link io.treegrad.report.Projection} by way of {@link io.treegrad.report.PrincipalComponents},
 *       {@link io.treegrad.report.UnitWeights} from the parameters.
 *   <li>{@link io.treegrad.report.ReportPage} and {@link io.treegrad.report.ComparisonPage} write the pages.
 *   <li>The pages themselves are the resources beside these classes: {@code page.html} and {@code comparison.html},
 *       {@code page.css}, and the scripts that fill them from the data. Charts are drawn by ECharts.
 * </ol>
 */
package io.treegrad.report;
