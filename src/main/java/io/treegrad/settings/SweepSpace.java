package io.treegrad.settings;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The trainings of a sweep: settings of {@code train}, some with several alternatives. A word is {@code NAME=VALUE}; a name
 * that is given again adds an alternative, and so does each value in braces.
 */
public final class SweepSpace {
    private static final int MOST_COMBINATIONS = 1_000_000;

    /** A trial begins at its beginning, and nothing looks at its data before it. */
    private static final Set<Setting<?>> NOT_SWEPT =
            Set.of(TrainingSettings.WARM_START, DataSettings.MAX_DRIFT, DataSettings.MAX_DUPLICATES);

    private final Map<Setting<?>, List<String>> alternatives = new LinkedHashMap<>();
    private final Optional<String> config;

    /**
     * @param words {@code NAME=VALUE} each
     * @param config preset or file for what the words do not set
     * @throws UserError USAGE
     */
    public SweepSpace(List<String> words, Optional<String> config) {
        this.config = config;
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw usage(
                        Printable.quoted(word) + " was given to sweep: expected NAME=VALUE, such as learning-rate=0.1."
                                + " Give a name several times to try several values.");
            }
            List<String> values =
                    alternatives.computeIfAbsent(setting(word.substring(0, equals)), absent -> new ArrayList<>());
            for (String value : expanded(word.substring(equals + 1))) {
                if (values.contains(value)) {
                    throw usage(Printable.quoted(word) + " is given twice: give each value once.");
                }
                values.add(value);
            }
        }
    }

    /** Values in braces, as bash expands them before anybody sees them; schedulers and other shells do not. */
    private static List<String> expanded(String value) {
        return value.matches("\\{.+,.+}")
                ? List.of(value.substring(1, value.length() - 1).split(",", -1))
                : List.of(value);
    }

    private static Setting<?> setting(String name) {
        Setting<?> setting = AllSettings.ofKey(name)
                .orElseThrow(() -> usage("Sweep has the unknown setting " + Printable.quoted(name) + "."
                        + Suggestion.sentence(name, AllSettings.keys()) + " The settings are the options of train: see"
                        + " train --help."));
        boolean isTrained = setting.effect() == Setting.Effect.DECIDES_RESULT || setting.group() == SettingGroup.DATA;
        if (!isTrained || NOT_SWEPT.contains(setting)) {
            throw usage("The setting " + name + " cannot be swept: expected one that says what is trained, from its"
                    + " beginning. Leave it out"
                    + (setting.belongsTo(Command.SWEEP) ? ", or give it as an option of sweep." : "."));
        }
        return setting;
    }

    /** The settings that have more than one alternative, in the order in which they were given. */
    public List<Setting<?>> varied() {
        return alternatives.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .<Setting<?>>map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The settings of each chosen training, each value checked.
     *
     * @param properties Spark keys, which are weaker than the words
     * @param directory base of a relative path to the configuration file
     */
    public List<Settings> trainings(SweepSearch search, Map<String, String> properties, Path directory) {
        long combinations = 1;
        for (List<String> values : alternatives.values()) {
            combinations = Math.min(Integer.MAX_VALUE, combinations * values.size());
        }
        int most = search.triesAll() ? SweepSearch.MOST_TRIALS : MOST_COMBINATIONS;
        if (combinations > most) {
            throw usage("The sweep has more than %d combinations: give fewer values%s."
                    .formatted(most, search.triesAll() ? ", or search at random" : ""));
        }
        return search.choose((int) combinations).stream()
                .map(number ->
                        SettingsResolver.resolve(Command.TRAIN, combination(number), config, properties, directory))
                .map(SweepSpace::withoutWhatIsNotSwept)
                .toList();
    }

    /** Refuses what a Spark key or a file says and no trial does. */
    private static Settings withoutWhatIsNotSwept(Settings training) {
        for (Setting<?> setting : NOT_SWEPT) {
            if (!training.isDefault(setting)) {
                throw training.refusal(
                        setting, "a sweep does not have it, so its trials would not be what train does. Leave it out.");
            }
        }
        return training;
    }

    /** The last name varies fastest. */
    private Map<Setting<?>, String> combination(int number) {
        List<Setting<?>> names = new ArrayList<>(alternatives.keySet());
        Map<Setting<?>, String> combination = new LinkedHashMap<>();
        int rest = number;
        for (int i = names.size() - 1; i >= 0; i--) {
            List<String> values = alternatives.get(names.get(i));
            combination.put(names.get(i), values.get(rest % values.size()));
            rest /= values.size();
        }
        return combination;
    }

    /** {@code learning-rate=0.1 hidden=100}: in what a training differs from the others. */
    public String title(Settings training) {
        return varied().stream()
                .map(setting -> setting.name() + "=" + training.value(setting).text())
                .collect(Collectors.joining(" "));
    }

    private static UserError usage(String message) {
        return new UserError(UserError.Kind.USAGE, message);
    }
}
