/** The page of a finished run: pictures and the numbers behind them. */
package io.treegrad.report;
