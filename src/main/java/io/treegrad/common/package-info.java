/**
 * What every package needs and none owns: errors that the user can mend, with their exit codes
 * ({@link io.treegrad.common.UserError}), text of the user as it may be shown again
 * ({@link io.treegrad.common.Printable}, {@link io.treegrad.common.Redaction}), decimal numbers as a user writes them, and
 * the places where tests make a process fail. Knows the JDK only.
 */
package io.treegrad.common;
