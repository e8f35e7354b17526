/** Microbenchmarks of what a step is made of; {@code ./submit.sh bench} measures whole steps. */
package io.treegrad.benchmark;
