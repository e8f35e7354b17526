/**
 * What all packages share: errors that the user can fix, with their exit codes ({@link io.treegrad.common.UserError}),
 * text that is safe to show ({@link io.treegrad.common.Printable}, {@link io.treegrad.common.Redaction}), decimal
 * numbers as users write them, and failpoints for tests. Depends on the JDK only.
 */
package io.treegrad.common;
