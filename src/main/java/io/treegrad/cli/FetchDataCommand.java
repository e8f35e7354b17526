package io.treegrad.cli;

import io.treegrad.run.DataLocator;
import io.treegrad.run.EnvironmentProxies;
import io.treegrad.run.MnistDownload;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Downloads MNIST into a directory of the user or into the download cache, where {@code --data auto} finds it. */
final class FetchDataCommand implements CommandAction {
    @Override
    public void run(Settings settings, List<String> paths, Console console) {
        Path target = settings.get(CommandSettings.TO)
                .map(place -> localPath(place, settings, console.directory()))
                .orElseGet(() -> new DataLocator(console.forRun()).cache());
        console.summary().put("directory", target.toString());
        MnistDownload.patient().into(target, new EnvironmentProxies(console.environment()), console.err()::println);
        if (!settings.get(OutputSettings.JSON)) {
            console.out().println(target);
        }
    }

    private static Path localPath(String place, Settings settings, Path directory) {
        try {
            return directory.resolve(place);
        } catch (InvalidPathException e) {
            throw settings.refusal(
                    CommandSettings.TO,
                    "expected a path that this locale can express. Set LC_ALL to one with UTF-8, such as C.UTF-8.");
        }
    }
}
