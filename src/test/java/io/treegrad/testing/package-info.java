/**
 * What tests of several packages share: the local engine that every other engine must equal to the last bit, and a
 * BLAS too plain to be wrong.
 */
package io.treegrad.testing;
