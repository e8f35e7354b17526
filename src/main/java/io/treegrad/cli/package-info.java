/**
 * Options, commands and exit codes. {@link io.treegrad.settings.Setting} is the one table of options;
 * {@link io.treegrad.settings.Settings} layers command line, Spark keys, file and defaults over each other and checks every
 * value, so that no other package sees a text it must doubt. {@link io.treegrad.cli.Main} turns each failure into an
 * exit code and a few lines. Knows every other package; no other package knows it.
 */
package io.treegrad.cli;
