package io.treegrad.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a run sees of the world around the process.
 *
 * @param log where sentences for the user go
 * @param variables of the environment
 * @param directory what a relative local path is relative to
 */
public record RunEnvironment(PrintStream log, Map<String, String> variables, Path directory) {
    void say(String sentence) {
        log.println(sentence);
    }

    void warn(String sentence) {
        log.println("Warning: " + sentence);
    }
}
