/**
 * Options, commands and exit codes. {@link io.treegrad.settings.Setting} is the one table of options;
 * {@link io.treegrad.settings.SettingsResolver} combines command line, Spark keys, file and defaults and parses every
 * value, so that no other package must check a text. {@link io.treegrad.cli.Main} turns each failure into an exit code
 * and a few lines. Depends on every other package; no other package depends on it.
 */
package io.treegrad.cli;
