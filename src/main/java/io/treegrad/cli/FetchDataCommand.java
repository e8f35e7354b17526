package io.treegrad.cli;

import io.treegrad.run.DataLocator;
import io.treegrad.run.EnvironmentProxies;
import io.treegrad.run.MnistDownload;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import java.nio.file.Path;
import java.util.List;

/** Downloads MNIST into a directory of the user or into the download cache, where {@code --data auto} finds it. */
final class FetchDataCommand implements CommandAction {
    @Override
    public void run(Settings settings, List<String> paths, Console console) {
        Path target = settings.isGiven(Setting.TO)
                ? settings.path(Setting.TO, console.directory())
                : new DataLocator(console).cache();
        console.summary().put("directory", target.toString());
        MnistDownload.patient().into(target, new EnvironmentProxies(console.environment()), console.err()::println);
        if (!settings.flag(Setting.JSON)) {
            console.out().println(target);
        }
    }
}
