package io.treegrad.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The process environment of a run.
 *
 * @param log receives sentences for the user
 * @param variables environment variables
 * @param directory base of relative local paths
 */
public record RunEnvironment(PrintStream log, Map<String, String> variables, Path directory) {
    void say(String sentence) {
        log.println(sentence);
    }

    void warn(String sentence) {
        log.println("Warning: " + sentence);
    }
}
