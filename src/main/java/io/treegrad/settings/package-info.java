/**
 * All settings, each defined once: its name, how its text becomes a value, its help, the commands that have it, and
 * whether it decides the result of a training. Precedence: option, Spark key, file, default.
 */
package io.treegrad.settings;
