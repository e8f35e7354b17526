package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.VersionRegistry;
import io.treegrad.spark.LogLines;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Which version is the champion, and how that changes. */
class PublishedVersionsTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(new Configuration());

    @TempDir
    private Path directory;

    private OutputDirectory output;
    private PublishedVersions versions;
    private Lock lock;

    @BeforeEach
    void publishThree() {
        output = new OutputDirectory(STORAGE, directory.toString());
        versions = new PublishedVersions(STORAGE, directory.toString());
        lock = output.lockForPublishing("a test");
        for (int i = 1; i <= 3; i++) {
            output.publish(lock, name(i), SmallRun.model(i));
        }
    }

    @AfterEach
    void unlock() {
        lock.close();
    }

    @Test
    void nothingChangesWithoutTheLock() throws IOException {
        byte[] registry = Files.readAllBytes(directory.resolve(VersionRegistry.FILE));
        PublishedVersions.Version first = versions.find(name(1));
        Files.delete(directory.resolve("LOCK"));
        for (Executable change : List.<Executable>of(
                () -> versions.pin(lock, first),
                () -> versions.unpin(lock, name(1)),
                () -> versions.promote(lock, first),
                () -> versions.rollback(lock))) {
            UserError error = assertThrows(UserError.class, change);
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        }
        output.keepVersions(lock, 1);
        assertEquals(3, versions.list().size());
        assertEquals(3, published());
        assertArrayEquals(registry, Files.readAllBytes(directory.resolve(VersionRegistry.FILE)));
    }

    @Test
    void rollbacksGoBackOneChampionAfterTheOther() {
        assertEquals(name(2), versions.rollback(lock).name());
        assertEquals(2, published());
        assertEquals(name(1), versions.rollback(lock).name());
        UserError none = assertThrows(UserError.class, () -> versions.rollback(lock));
        assertTrue(none.getMessage().contains("no champion before"), none.getMessage());
        assertEquals(1, published());
        output.publish(lock, name(4), SmallRun.model(4));
        assertEquals(name(1), versions.rollback(lock).name(), "the champion before the one that was published");
    }

    @Test
    void aRegistryThatBeginsLateKnowsTheChampionBefore() throws IOException {
        Files.delete(directory.resolve(VersionRegistry.FILE));
        output.publish(lock, name(4), SmallRun.model(4));
        assertEquals(name(3), versions.rollback(lock).name());
    }

    @Test
    void aPromotionThatIsTriedAgainIsTakenBackByOneRollback() {
        versions.promote(lock, versions.find(name(1)));
        versions.promote(lock, versions.find(name(1)));
        assertEquals(name(3), versions.rollback(lock).name());
        assertEquals(name(2), versions.rollback(lock).name());
    }

    @Test
    void aChampionThatTheRegistryMissedIsGoneBackTo() throws IOException {
        byte[] registry = Files.readAllBytes(directory.resolve(VersionRegistry.FILE));
        output.publish(lock, name(4), SmallRun.model(4));
        Files.write(directory.resolve(VersionRegistry.FILE), registry); // the run was killed before it was recorded
        output.publish(lock, name(5), SmallRun.model(5));
        assertEquals(name(4), versions.rollback(lock).name());
        assertEquals(name(3), versions.rollback(lock).name());
    }

    @Test
    void promotedVersionIsTheChampionUntilARollback() {
        assertEquals(Optional.of(name(3)), versions.promote(lock, versions.find("run-1")));
        assertEquals(1, published());
        assertEquals(List.of("champion"), versions.find(name(1)).aliases());
        assertEquals(name(1), versions.find("champion").name());
        assertEquals(name(3), versions.rollback(lock).name());
        assertEquals(3, published());
    }

    @Test
    void pinsChangeNeitherTheChampionsNorTheCandidate() {
        output.publishCandidate(lock, name(4), SmallRun.model(4));
        versions.pin(lock, versions.find(name(4)));
        assertEquals(List.of("candidate", "pinned"), versions.find("candidate").aliases());
        versions.pin(lock, versions.find("champion"));
        assertEquals(name(2), versions.rollback(lock).name());
    }

    @Test
    void candidateIsNoChampionBeforeItIsPromoted() {
        output.publishCandidate(lock, name(4), SmallRun.model(4));
        assertEquals(3, published());
        assertEquals(name(4), versions.find("candidate").name());
        versions.promote(lock, versions.find("candidate"));
        assertEquals(4, published());
        assertEquals(List.of("champion"), versions.list().get(0).aliases());
        UserError none = assertThrows(UserError.class, () -> versions.find("candidate"));
        assertEquals(
                directory + ": there is no candidate, expected one that train has published as such. The last one, "
                        + name(4) + ", has become the champion.",
                none.getMessage());
    }

    @Test
    void aCandidateOrAChampionThatIsMissingIsToldAsSuch() throws IOException {
        assertTrue(assertThrows(UserError.class, () -> versions.find("candidate"))
                .getMessage()
                .endsWith("published as such."));
        Files.delete(directory.resolve("CURRENT"));
        assertTrue(assertThrows(UserError.class, () -> versions.find("champion"))
                .getMessage()
                .endsWith("there is no champion, expected one. Promote a version by its name."));
    }

    @Test
    void retentionKeepsChampionCandidateAndPins() {
        versions.pin(lock, versions.find(name(1)));
        output.publishCandidate(lock, name(4), SmallRun.model(4));
        output.publish(lock, name(5), SmallRun.model(5));
        output.keepVersions(lock, 1);
        assertEquals(List.of(name(5), name(4), name(1)), names());
        versions.unpin(lock, name(1));
        output.keepVersions(lock, 1);
        assertEquals(List.of(name(5), name(4)), names());
    }

    @Test
    void onlyVersionsOlderThanAnAgeGo() {
        output.publish(lock, OutputDirectory.versionName("new", Instant.now()), SmallRun.model(4));
        output.publish(lock, OutputDirectory.versionName("newer", Instant.now()), SmallRun.model(5));
        output.keepVersions(lock, 0, Instant.now().minus(Duration.ofDays(1)));
        assertEquals(2, names().size());
    }

    @Test
    void damagedRegistryKeepsAllVersionsAndHindersNoPublishing() throws IOException {
        Files.writeString(directory.resolve("registry.json"), "{\"schema\":1");
        try (LogLines log = LogLines.of(Publisher.class)) {
            output.publish(lock, name(4), SmallRun.model(4));
            assertTrue(log.lines().get(0).startsWith("The registry could not be updated: "), log.lines()::toString);
        }
        assertEquals(4, published());
        output.keepVersions(lock, 1);
        assertEquals(4, STORAGE.at(directory + "/versions").names().size(), "a pin may be unreadable");
        UserError refused = assertThrows(UserError.class, versions::list);
        assertTrue(refused.getMessage().contains("registry.json"), refused.getMessage());
    }

    @Test
    void aRegistryOfAnotherVersionOfTheProgramIsRefusedWithWhatHelps() throws IOException {
        Files.writeString(directory.resolve("registry.json"), "{\"schema\":2,\"pins\":[]}");
        UserError refused = assertThrows(UserError.class, versions::list);
        assertTrue(
                refused.getMessage()
                        .contains("registry.json: schema is 2, expected 1. Use the treegrad version that wrote it,"
                                + " or move it away,"),
                refused.getMessage());
    }

    @Test
    void damagedVersionIsListedWithItsProblemAndIsNotPromoted() throws IOException {
        Files.write(directory.resolve("versions/" + name(1) + "/model.safetensors"), new byte[8]);
        PublishedVersions.Version damaged = versions.list().get(2);
        assertEquals(Optional.empty(), damaged.model());
        assertTrue(damaged.problem().contains("model.safetensors"), damaged.problem());
        assertEquals(
                UserError.Kind.BAD_DATA,
                assertThrows(UserError.class, () -> versions.find(name(1))).kind());
        assertEquals(
                UserError.Kind.INPUT_MISSING,
                assertThrows(UserError.class, () -> versions.find("nothing")).kind());
    }

    @Test
    void damagedVersionIsUnpinnedAndGoes() throws IOException {
        versions.pin(lock, versions.find(name(1)));
        Files.write(directory.resolve("versions/" + name(1) + "/model.safetensors"), new byte[8]);
        assertEquals(name(1), versions.unpin(lock, "run-1").name());
        output.keepVersions(lock, 1);
        assertEquals(List.of(name(3)), names());
    }

    @Test
    void readersGetNoCandidateThatWasNeverPromoted() throws IOException {
        output.publishCandidate(lock, name(4), SmallRun.model(4));
        output.publishCandidate(lock, name(5), SmallRun.model(5));
        Files.delete(directory.resolve("CURRENT"));
        assertEquals(3, published());
        versions.promote(lock, versions.find("candidate"));
        Files.delete(directory.resolve("CURRENT"));
        assertEquals(5, published());
    }

    @Test
    void firstVersionsThatAreCandidatesAreNotForReaders(@TempDir Path empty) throws IOException {
        OutputDirectory other = new OutputDirectory(STORAGE, empty.toString());
        try (Lock ofOther = other.lockForPublishing("a test")) {
            other.publishCandidate(ofOther, name(1), SmallRun.model(1));
        }
        assertEquals(Optional.empty(), other.published());
        UserError error = assertThrows(UserError.class, () -> CurrentVersion.at(STORAGE, empty.toString()));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertTrue(error.getMessage().contains("no version is the champion"), error.getMessage());
        assertTrue(error.getMessage().contains(empty + "/versions/" + name(1)), error.getMessage());
    }

    @Test
    void readersGetTheLastChampionWhereCurrentIsBroken() throws IOException {
        versions.rollback(lock);
        Files.write(directory.resolve("CURRENT"), new byte[0]);
        assertEquals(2, published(), "not the newer one that was taken back");
    }

    /** As of a run that is killed before it has told its end, and started again. */
    @Test
    void aModelThatIsPublishedAgainUnderItsNameIsOneVersion() throws IOException {
        byte[] registry = Files.readAllBytes(directory.resolve(VersionRegistry.FILE));
        String path = output.publish(lock, name(4), SmallRun.model(4));
        Files.write(directory.resolve(VersionRegistry.FILE), registry);
        assertEquals(path, output.publish(lock, name(4), SmallRun.model(4)));
        assertEquals(List.of(name(4), name(3), name(2), name(1)), names());
        assertEquals(name(3), versions.rollback(lock).name());
    }

    @Test
    void aModelThatIsACandidateAgainUnderItsNameIsOneVersion() {
        String path = output.publishCandidate(lock, name(4), SmallRun.model(4));
        assertEquals(path, output.publishCandidate(lock, name(4), SmallRun.model(4)));
        assertEquals(name(4), versions.find("candidate").name());
        assertEquals(4, names().size());
    }

    @Test
    void otherModelsGetOtherNames() throws IOException {
        assertEquals(directory + "/versions/" + name(3) + ".2", output.publish(lock, name(3), SmallRun.model(4)));
        Files.delete(directory.resolve("versions/" + name(3) + ".2/_SUCCESS"));
        assertEquals(directory + "/versions/" + name(3) + ".3", output.publish(lock, name(3), SmallRun.model(4)));
    }

    @Test
    void thereIsNoListWithoutAnOutputDirectory() {
        UserError error =
                assertThrows(UserError.class, () -> new PublishedVersions(STORAGE, directory + "/typo").list());
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
    }

    @Test
    void eachChangeIsLoggedWithTheDigest() throws IOException {
        try (LogLines log = LogLines.of(RegistryFile.class)) {
            versions.promote(lock, versions.find(name(1)));
            String line = log.lines().get(0);
            assertTrue(line.contains("promote " + name(1)), line);
            assertTrue(line.contains(SmallRun.model(1).weightsSha256()), line);
            assertTrue(line.contains("the champion before was " + name(3)), line);
        }
    }

    private int published() {
        return (int) output.published().orElseThrow().model().parameters()[0];
    }

    private List<String> names() {
        return versions.list().stream().map(PublishedVersions.Version::name).toList();
    }

    private static String name(int i) {
        return "2026010" + i + "T000000Z-run-" + i;
    }
}
