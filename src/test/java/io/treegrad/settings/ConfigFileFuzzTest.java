package io.treegrad.settings;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.treegrad.common.UserError;

/** Whatever the bytes of a configuration file are, only an error for the user escapes. */
class ConfigFileFuzzTest {
    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void file(byte[] bytes) {
        try {
            ConfigFile.parse("my.properties", bytes);
        } catch (UserError expected) {
            // told with value, expectation and fix
        }
    }
}
