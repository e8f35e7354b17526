package io.treegrad.cli;

import io.treegrad.settings.Command;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import java.util.EnumSet;
import java.util.List;
import picocli.AutoComplete;

/** Prints a script with which bash and zsh complete commands and options of {@code submit.sh}. Starts no Spark. */
final class CompletionCommand implements CommandAction {
    /** What is completed, wherever it lies. */
    private static final String SCRIPT = "submit.sh";

    @Override
    public void run(Settings settings, List<String> paths, Console console) {
        String script = AutoComplete.bash(SCRIPT, Syntax.program(EnumSet.allOf(Command.class)));
        console.summary().put("script", script);
        if (!settings.get(OutputSettings.JSON)) {
            console.out().print(script);
            console.out().flush();
        }
    }
}
