/**
 * From settings to a published model: data sets, the training run with its resumption, gates and publication, and the record
 * that it leaves.
 */
package io.treegrad.run;
