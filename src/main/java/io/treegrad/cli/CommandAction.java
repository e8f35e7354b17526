package io.treegrad.cli;

import io.treegrad.settings.Settings;
import java.util.List;

/** Runs a command with checked settings. Returning is success, an exception is failure. */
@FunctionalInterface
interface CommandAction {
    /**
     * @param paths the positional arguments of {@code inspect}, {@code report} and {@code reproduce}
     * @throws io.treegrad.common.UserError for what the user can fix; any other exception is a bug
     */
    void run(Settings settings, List<String> paths, Console console) throws Exception;
}
