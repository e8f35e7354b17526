package io.treegrad.run;

import io.treegrad.common.Decimal;
import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.StepPlan;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Fingerprint;
import io.treegrad.network.Network;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.storage.HadoopStorage;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What decides the result of a run, told apart from what does not. */
final class RunIdentity {
    /** Where the data lies, and everything about the cluster and the output, may change between two halves of a run. */
    private static final Set<Setting> FREE = EnumSet.of(Setting.DATA, Setting.TEST_DATA, Setting.FORMAT);

    private RunIdentity() {}

    /** @param sha256 of each data file by its name */
    static Fingerprint of(
            Settings settings,
            Network network,
            StepPlan steps,
            String kind,
            Map<Part, Long> rows,
            Map<String, String> sha256) {
        Map<String, String> recipe = new TreeMap<>();
        settings.values().forEach((setting, value) -> {
            if (!FREE.contains(setting)
                    && setting.group() != Setting.Group.CLUSTER
                    && setting.group() != Setting.Group.OUTPUT) {
                recipe.put(setting.title(), spelling(Printable.redacted(value.text())));
            }
        });
        recipe.put("network", network.toString());
        recipe.put(Setting.SHARDS.title(), Integer.toString(steps.shards()));
        return new Fingerprint(recipe, kind, rows, sha256);
    }

    /** One for equal numbers. */
    private static String spelling(String text) {
        var whole = Decimal.whole(text);
        if (whole.isPresent()) {
            return Long.toString(whole.getAsLong());
        }
        var number = Decimal.number(text);
        return number.isPresent() ? Double.toString(number.getAsDouble()) : text;
    }

    /** SHA-256 of each file by its name, or by its path where an earlier one has its name. Reads all of them. */
    static Map<String, String> digests(HadoopStorage storage, List<String> paths) {
        Map<String, String> digests = new TreeMap<>();
        for (String path : paths) {
            try (InputStream in = storage.open(path)) {
                String name = path.substring(path.lastIndexOf('/') + 1);
                digests.put(
                        digests.containsKey(name) ? Printable.redacted(path) : name,
                        FileDigest.of(in).sha256());
            } catch (IOException e) {
                throw new UserError(
                        UserError.Kind.INPUT_MISSING,
                        "%s cannot be read (%s): expected a file that stays while a run reads it. Check the path."
                                .formatted(path, e.getMessage()),
                        e);
            }
        }
        return digests;
    }
}
