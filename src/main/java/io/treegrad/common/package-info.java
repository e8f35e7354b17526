/**
 * What all packages share: errors that the user can fix ({@link io.treegrad.common.UserError}), what goes wrong around the
 * program ({@link io.treegrad.common.OutsideFailure}), how either ends a process ({@link io.treegrad.common.Ending}), text
 * that is safe to show ({@link io.treegrad.common.Printable}, {@link io.treegrad.common.Redaction}), decimal
 * numbers as users write them, and failpoints for tests. Depends on the JDK only.
 */
package io.treegrad.common;
