/** What tests of several packages share: the local engine, whose bits every other engine must return, and JVMs. */
package io.treegrad.testing;
