package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    @Test
    void jvmWithoutTheInstructionIsRefusedWithWhatToChange() {
        Arithmetic.prepare(Arithmetic.usualUnits()); // this one has it
        UserError error = assertThrows(UserError.class, () -> Arithmetic.requireFast(1_142));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().startsWith("A fused multiply-add takes 1,142 ns on this JVM, expected an"));
        assertTrue(error.getMessage().contains("-XX:UseAVX=0"), error.getMessage());
    }

    @Test
    void plainLoopsSayWhyAndVectorsSayNothing() {
        assertEquals(
                KernelChoice.hasVectors(),
                Arithmetic.prepare(Arithmetic.usualUnits()).isEmpty());
        assertEquals(KernelChoice.hasVectors(), Arithmetic.name().startsWith("vector, "));
    }
}
