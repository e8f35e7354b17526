/**
 * From settings to a published model: data sets, the training run with its resumption, gates and publication, and the
 * record of the run.
 */
package io.treegrad.run;
