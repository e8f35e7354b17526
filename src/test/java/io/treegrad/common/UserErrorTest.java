package io.treegrad.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UserErrorTest {
    @Test
    void noTwoKindsShareAnExitCode() {
        UserError.Kind[] kinds = UserError.Kind.values();
        assertEquals(
                kinds.length,
                Arrays.stream(kinds)
                        .mapToInt(UserError.Kind::exitCode)
                        .distinct()
                        .count());
    }
}
