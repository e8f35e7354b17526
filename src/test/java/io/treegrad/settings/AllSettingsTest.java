package io.treegrad.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllSettingsTest {
    private static final List<Class<?>> HOLDERS = List.of(
            DataSettings.class,
            NetworkSettings.class,
            TrainingSettings.class,
            ClusterSettings.class,
            OutputSettings.class,
            CommandSettings.class);

    @Test
    void everyConstantStandsInTheTableOnceAndNothingElseDoes() throws IllegalAccessException {
        List<Setting<?>> constants = new ArrayList<>();
        for (Class<?> holder : HOLDERS) {
            for (Field field : holder.getDeclaredFields()) {
                if (field.getType() == Setting.class && Modifier.isPublic(field.getModifiers())) {
                    assertTrue(Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers()));
                    constants.add((Setting<?>) field.get(null));
                }
            }
        }
        // two settings are never equal, so this compares the constants themselves
        assertEquals(Set.copyOf(constants), Set.copyOf(AllSettings.table()));
        for (Setting<?> setting : constants) {
            assertEquals(1, Collections.frequency(AllSettings.table(), setting), setting.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void noTwoSettingsOfACommandHaveOneName(Command command) {
        assertUnique(AllSettings.of(command).stream().map(Setting::name));
    }

    @Test
    void noTwoKeysHaveOneName() {
        assertUnique(AllSettings.keys().stream());
    }

    @Test
    void everySettingBelongsToSomeCommand() {
        for (Setting<?> setting : AllSettings.table()) {
            assertTrue(Stream.of(Command.values()).anyMatch(setting::belongsTo), setting.name());
        }
    }

    private static void assertUnique(Stream<String> names) {
        List<String> all = names.sorted().toList();
        assertEquals(all, List.copyOf(new TreeSet<>(all)));
    }
}
